"""What can wait about a group and its evenings; each kind is answered by one rule."""

from enum import auto

from core.ports import TodoKind


class Kind(TodoKind):
    ATTENDANCE = auto()
    LOGBOOK = auto()
    NO_LOGBOOK = auto()
    ABSENCE = auto()
    DOOR = auto()
    DESCRIBE_DOOR = auto()
    TRIAL_JUDGE = auto()
    TRIAL_WISH = auto()
    TRIAL_DECIDE = auto()
    LAST_MEETING = auto()
    CLOSE = auto()
    STOPPED = auto()
    INVITE = auto()
    FIRST_IN_LINE = auto()
    PLAN = auto()
    CHAT = auto()
    CHAT_EXAMPLE = auto()
    ROOM_POST = auto()
    ROOM_POST_ALONE = auto()
    ROOM_NEWS = auto()
    TURNS_31 = auto()
    SMALL_GROUP = auto()
    SMALL_EVENING = auto()
    OWN_WISH = auto()
    FUNDING = auto()
    FAREWELL_START = auto()
    FAREWELL_READ = auto()
    FAREWELL_GIVE = auto()
    FAREWELL_WRITE = auto()
    FAREWELL_YOURS = auto()
    MOVE_OWN = auto()
    MOVE_ASK = auto()
    MOVE_READY = auto()
    MOVE_OUTSIDE = auto()
    MOVE_WELCOME = auto()
