"""What can wait about people and stays; each kind is answered by one rule beside its subject."""

from enum import auto

from core.ports import TodoKind


class Kind(TodoKind):
    # signup
    APPLICANT_NEW = auto()
    APPLICANT_LATE = auto()
    APPLICANT_WITHOUT_GROUP = auto()
    APPLICANT_TALK = auto()
    APPLICANT_UNFINISHED = auto()
    APPLICANT_TO_TELL = auto()
    ADVICE = auto()
    KNOCKED = auto()
    # parents
    LATE_PARENT_QUESTION = auto()
    PARENT_QUESTION = auto()
    PARENT_BOUNCED = auto()
    PARENT_SILENT = auto()
    PARENT_AT_WORK = auto()
    HOME_SILENCE = auto()
    CONSENT = auto()
    AGREEMENTS = auto()
    OF_AGE = auto()
    INFORM = auto()
    OWN_AGREEMENTS = auto()
    OWN_NEW_TEXT = auto()
    OWN_PARENTS = auto()
    # care
    CALL_WISH = auto()
    WORRY = auto()
    THINK_ALONG = auto()
    PAUSE_WISH = auto()
    PAUSE = auto()
    HAS_STOPPED = auto()
    OWN_PAUSE = auto()
    # recusal
    LEFT_ALONE = auto()
    NO_COORDINATOR = auto()
    # intake
    ONE_TO_ONE = auto()
    TALK_ALONE = auto()
    HAND_OVER = auto()
    # exit
    DISCUSSED = auto()
    NOT_DISCUSSED = auto()
    UNSAFE_HOME = auto()
    # referrers
    FEEDBACK = auto()
    OWN_FEEDBACK = auto()
    # person
    GIVE_CODE = auto()
    DISPUTED_CODE = auto()
    OWN_CODE = auto()
    # rights
    DATA_REQUEST = auto()
    DATA_REQUEST_LATE = auto()
    OWN_DATA_ANSWERED = auto()
    # complaints
    COMPLAINT = auto()
    OWN_SOMETHING_TOLD = auto()
