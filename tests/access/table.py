"""Who gets what at every address: written by hand, per permission, never recorded.

Add a line to TABLE for each URL and method you add. `rule` names a line of RULES: a declared
permission ("participants.see_file") or a plain word for what is not a permission. The subject is
somebody of group A: "stay" (takes part; the identity `participant` is that person), "answered"
(the same person's answered wave), "applicant" (signed up for group A, in the first talk) or
"stopped" (stopped today). An answer is one of:

    OPEN     the view does its work (any answer but a refusal)
    DOOR     a redirect to a sign-in page
    REFUSED  403 with a reason: visible to this person, but not theirs to do
    HIDDEN   404 with the same static body as a page that does not exist
    DEAD     410: the one page for every mailed link that does not work (any more)
"""

from dataclasses import dataclass

OPEN, DOOR, REFUSED, HIDDEN, DEAD = "open", "door", "refused", "hidden", "dead"

IDENTITIES = (
    "anonymous",
    "parent_link",
    "calendar_token",
    "participant",
    "other_participant",
    "worker",
    "recused_worker",
    "worker_elsewhere",
    "manager",
    "coordinator",
    "other_coordinator",
    "quality",
    "foundation",
    "researcher",
)
STRANGERS = ("anonymous", "parent_link", "calendar_token")
YOUNG = ("participant", "other_participant")
STAFF = tuple(i for i in IDENTITIES if i not in STRANGERS + YOUNG)


def only(
    *inside: str, refused: tuple[str, ...] = (), strangers: str = DOOR, others: str = HIDDEN
) -> dict[str, str]:
    """`inside` get in; strangers are sent to the door; everybody else finds nothing."""
    answers = dict.fromkeys(IDENTITIES, others) | dict.fromkeys(STRANGERS, strangers)
    return answers | dict.fromkeys(inside, OPEN) | dict.fromkeys(refused, REFUSED)


RULES: dict[str, dict[str, str]] = {
    "everyone": only(*IDENTITIES),
    # The doors: who is already in is sent on to the start page, which is not a refusal.
    "every door": only(*IDENTITIES),
    "half way in": only(*YOUNG, *STAFF),  # a page that needs a sign-in already begun
    "signed in": only(*YOUNG, *STAFF),
    "every participant": only(*YOUNG),
    "every professional": only(*STAFF),
    "administration": only(),  # none of these people; tests/core/test_administration.py goes in
    "who holds a link": only(strangers=DEAD, others=DEAD) | {"parent_link": OPEN},
    # The address of the worker's own calendar; tests/groups/year_plan goes in as everybody else.
    "who holds a calendar address": only("calendar_token", strangers=HIDDEN, others=HIDDEN),
    "who holds a link to withdraw": only(strangers=DEAD, others=DEAD),  # tests/participants go in
    "who holds a link of their own": only(strangers=DEAD, others=DEAD),  # tests go in
    # Who is signed in reads that somebody is in already; tests/participants/person go in.
    "who holds a code": only(*YOUNG, *STAFF, strangers=DEAD),
    "style page": only(*STAFF, strangers=HIDDEN),
    # Their young people, and whoever may follow the group; a visitor just signed up: tests go in.
    "the face of a worker": only(
        "worker",
        "recused_worker",
        "participant",
        "manager",
        "coordinator",
        "quality",
        "foundation",
        strangers=HIDDEN,
    ),
    # And somebody before the first evening: tests/groups goes in.
    "the photo of a door": only("worker", "recused_worker", "coordinator"),
    "the person": only("participant"),
    "the parent's child": only("participant"),
    "participants.set_consent_policy": only("foundation"),
    "list of organisations.set_retention": only("foundation", others=REFUSED),
    "list of participants.set_consent_policy": only(
        "foundation", refused=tuple(i for i in (*YOUNG, *STAFF) if i != "foundation")
    ),
    # The register is the organisation's; it holds nobody's file, so nobody is kept out of it.
    "a referrer of the own register": only("worker", "recused_worker", refused=("coordinator",)),
    "list of organisations.see_groups": only(
        *(i for i in STAFF if i != "researcher"), refused=("researcher",)
    ),
    "list of participants.see_register": only(
        "worker",
        "recused_worker",
        "worker_elsewhere",
        "coordinator",
        "other_coordinator",
        others=REFUSED,
    ),
    "list of participants.decide": only(
        "worker",
        "worker_elsewhere",
        "recused_worker",
        refused=tuple(
            i for i in (*YOUNG, *STAFF) if i not in ("worker", "worker_elsewhere", "recused_worker")
        ),
    ),
    "named in the exception": only("coordinator"),
    "participants.see_file": only("worker"),
    "participants.see_applicants": only("worker"),
    "participants.hand_code": only("worker"),
    # Outside the group; the quality coordinator only where the region has nobody else.
    "who hears a disputed code": only("coordinator"),
    "participants.decide": only("worker"),
    "named in the complaint": only("coordinator"),
    "who answers the request": only("worker"),  # the coordinator only without a group
    "participants.decide after leaving": only("worker", refused=("participant",)),
    "groups.place": only("worker", refused=("participant",)),
    "groups.place in a group": only(
        "worker", "recused_worker", refused=("coordinator", "manager", "quality", "foundation")
    ),
    # The forum is read by the group's workers and nobody else; who stays out of somebody reads the
    # others (tests/groups/room go in).
    "groups.moderate_room": only(
        "worker", "recused_worker", refused=("coordinator", "manager", "quality", "foundation")
    ),
    "a topic of somebody": only(
        "worker", refused=("coordinator", "manager", "quality", "foundation")
    ),
    # A coordinator only what no worker of the group can look at; tests/groups/room go in.
    "who may look at a post": only(
        "worker",
        refused=(
            "participant",
            "other_participant",
            "manager",
            "quality",
            "foundation",
            "researcher",
        ),
    ),
    "everybody with a room": only(*YOUNG, refused=STAFF),
    "the person's room": only("participant", refused=STAFF),
    "groups.describe_door in a group": only(
        "worker", "recused_worker", "coordinator", refused=("manager", "quality", "foundation")
    ),
    # Neither of the two has it before them; tests/groups goes in.
    "a person before the first evening": only(refused=STAFF),
    "groups.place of a placement": only("worker", refused=("coordinator", "participant")),
    "groups.place of an evening": only(
        "worker", "recused_worker", refused=("coordinator", "participant")
    ),
    "groups.see_meetings of a group": only(
        "worker", "recused_worker", "coordinator", refused=("manager", "quality", "foundation")
    ),
    "who may see the evening": only("worker", "recused_worker", "coordinator", "participant"),
    "who sees meetings anywhere": only(
        *("worker", "recused_worker", "worker_elsewhere", "coordinator", "other_coordinator"),
        others=REFUSED,
    ),
    # The same page for both; what a young person does there the coordinator only reads.
    "the ideas of a group": only(
        "participant",
        "worker",
        "recused_worker",
        "coordinator",
        refused=("manager", "quality", "foundation"),
    ),
    "thinking along in a group": only(
        "participant",
        "worker",
        "recused_worker",
        refused=("coordinator", "manager", "quality", "foundation"),
    ),
    "an idea of the group": only("participant", "worker", "recused_worker", "coordinator"),
    "thinking along about an idea": only(
        "participant", "worker", "recused_worker", refused=("coordinator",)
    ),
    "groups.handle_funding": only("worker", refused=("participant",)),
    "groups.handle_funding in a group": only(
        "worker", "recused_worker", refused=("coordinator", "manager", "quality", "foundation")
    ),
    "the person's evening": only("participant", refused=STAFF),
    "every young person": only(*YOUNG, refused=STAFF),
    "the own move": only("participant", refused=STAFF),
    "the own role model": only("participant", refused=STAFF),
    "decided by the coordinator": only("coordinator"),
    "the worker of the new group": only(),  # none of these; tests/groups/seats goes in
    "the worker of whose group it ended": only(),  # it stands; tests/groups/seats goes in
    "groups.place of a text": only("worker"),
    "a young person of the group": only("participant", refused=STAFF),
    "whose card was given": only(),  # neither of the two; tests/groups/farewell goes in
    # Somebody in the trial; neither of the two is. tests/groups goes in.
    "a person in the trial": only(refused=STAFF),
    "participants.consult": only("coordinator"),
    "participants.consult in a group": only(
        "coordinator",
        refused=("worker", "recused_worker", "manager", "quality", "foundation"),
    ),
    "participants.see_journey": only("worker", "coordinator"),
    "participants.see_journey of a group": only(
        "worker", "recused_worker", "coordinator", refused=("manager", "quality", "foundation")
    ),
    "challenges.note": only("worker", refused=("coordinator",)),
    "the own challenge": only("participant"),
    "challenges.observe": only("worker"),
    "challenges.observe in a group": only(
        "worker",
        "recused_worker",
        refused=("coordinator", "manager", "quality", "foundation"),
    ),
    # A thread that was shared under another name; the own workers have the thread itself.
    "challenges.coach": only("coordinator"),
    # A meeting: the coordinator and a young person see it too, and read whose this is.
    "challenges.observe at a meeting": only(
        "worker", "recused_worker", refused=("coordinator", "participant")
    ),
    "challenges.observe of somebody there": only("worker", refused=("coordinator", "participant")),
    "who reads the support forms": only(
        *("worker", "recused_worker", "worker_elsewhere", "coordinator", "other_coordinator"),
        "foundation",
        others=REFUSED,
    ),
    "challenges.manage_support_forms": only("foundation", others=REFUSED),
    "list of challenges.observe": only(
        "worker", "recused_worker", "worker_elsewhere", others=REFUSED
    ),
    "questionnaires.see_answers": only("worker", refused=("participant",)),
    "messaging.see_messages": only("worker"),
    # Who stays out counts heads as well; what stands behind the name is not theirs.
    "list of messages": only(
        "worker", "recused_worker", "worker_elsewhere", "foundation", others=REFUSED
    ),
    "messaging.see_lost": only("foundation"),  # tests/core goes in: no name stands on it
    "groups.record_attendance": only(
        "worker", "recused_worker", refused=("coordinator", "participant")
    ),
    # The API sends nobody to a door: 401.
    "groups.record_attendance by the API": only(
        "worker", "recused_worker", refused=("coordinator", "participant", *STRANGERS)
    ),
    "signed in to the API": only(*YOUNG, *STAFF, refused=STRANGERS),
    "groups.correct_attendance": only(
        "coordinator", refused=("worker", "recused_worker", "participant")
    ),
    "groups.see_logbook": only("worker", "recused_worker", "coordinator", refused=("participant",)),
    "groups.write_logbook": only(
        "worker", "recused_worker", refused=("coordinator", "participant")
    ),
    "behind a name on the sheet": only("worker", refused=("coordinator", "participant")),
    "groups.see_meetings": only(
        "worker", "recused_worker", "coordinator", refused=("participant",)
    ),
    "organisations.see_groups": only(
        "worker", "recused_worker", "manager", "coordinator", "quality", "foundation"
    ),
    # The response (which wave is open) is also the coordinator's to see; the act is not theirs.
    "answer it oneself": only("participant", refused=("worker", "coordinator")),
    "questionnaires.write_by_hand": only("worker", refused=("coordinator", "participant")),
    # Whoever has a permission somewhere may open its list; it shows the own reach only.
    "list of participants.see_demand": only(
        "coordinator", "other_coordinator", "quality", "foundation", others=REFUSED
    ),
    "list of participants.see_applicants": only(
        "worker",
        "recused_worker",
        "worker_elsewhere",
        "coordinator",
        "other_coordinator",
        others=REFUSED,
    ),
    "list of participants.consult": only("coordinator", "other_coordinator", others=REFUSED),
}


@dataclass(frozen=True)
class Line:
    """One address and method, the rule that answers it, and whose page is asked for."""

    name: str
    method: str
    rule: str
    about: str = "stay"
    with_data: tuple[tuple[str, str], ...] = ()

    @property
    def answers(self) -> dict[str, str]:
        return RULES[self.rule]


def lines(rule: str, methods: str, *names: str, about: str = "stay") -> list[Line]:
    return [Line(n, m, rule, about) for n in names for m in methods.split()]


TABLE: list[Line] = [
    *lines("everyone", "GET", "healthz", "readyz"),
    # ---- core/accounts
    *lines("every door", "GET POST", "account_request_login_code", "account_login"),
    *lines("every door", "GET POST", "account_reset_password", "account_reset_password_from_key"),
    *lines(
        "every door", "GET", "account_reset_password_done", "account_reset_password_from_key_done"
    ),
    *lines("every door", "GET POST", "account_logout", "account_one_time_code"),
    *lines("everyone", "GET", "account_one_time_link"),
    *lines("who holds a code", "GET POST", "account_scanned_code"),
    *lines("half way in", "GET POST", "account_confirm_login_code", "mfa_authenticate"),
    *lines("half way in", "GET POST", "account_say_who"),
    *lines("every professional", "GET POST", "account_change_password", "account_reauthenticate"),
    *lines("every professional", "GET", "mfa_index"),
    *lines("every professional", "GET POST", "account_portrait"),
    *lines("every professional", "GET POST", "mfa_reauthenticate", "mfa_deactivate_totp"),
    *lines("every professional", "GET POST", "mfa_activate_totp", "mfa_generate_recovery_codes"),
    *lines("every professional", "GET", "mfa_view_recovery_codes", "mfa_download_recovery_codes"),
    # ---- administration of reference data
    *lines("administration", "GET POST", "admin:index", "admin:login", "admin:autocomplete"),
    *lines("administration", "GET", "admin:jsi18n", "admin:view_on_site", "admin:app_list"),
    *lines("administration", "GET", "admin:password_change_done"),
    *lines("administration", "GET POST", "admin:logout", "admin:password_change"),
    *[
        line
        for model in ("region", "municipality", "postalarea", "schoolholiday")
        for act in ("changelist", "add", "change", "delete", "history")
        for line in lines("administration", "GET POST", f"admin:organisations_{model}_{act}")
    ],
    *[
        line
        for act in ("changelist", "add", "change", "delete", "history")
        for line in lines("administration", "GET POST", f"admin:texts_textversion_{act}")
    ],
    # ---- joinus/home
    *lines(
        "everyone",
        "GET",
        "home:start",
        "home:how_it_works",
        "home:for_parents",
        "home:brochure",
        "home:brochure_pdf",
    ),
    *lines("everyone", "GET", "home:for_professionals", "home:privacy", "home:accessibility"),
    *lines("everyone", "GET", "home:talk_aid", "home:privacy_of_parents"),
    *lines("everyone", "POST", "set_language"),
    *lines("signed in", "POST", "drafts:throw_away"),
    *lines("signed in", "GET POST", "drafts:keep"),
    *lines("style page", "GET", "home:style", "home:style_sample"),
    *lines("list of organisations.set_retention", "GET POST", "home:retention"),
    *lines("signed in", "GET", "home:today"),
    *lines("every professional", "GET", "home:waiting"),
    *lines("participants.consult in a group", "POST", "home:sign_seen", "home:sign_shown"),
    *lines("list of organisations.see_groups", "GET POST", "home:search"),
    *lines("participants.see_file", "GET", "home:file", "home:details"),
    *lines("participants.see_file", "GET POST", "home:time_line"),
    *lines("list of messages", "GET", "home:messages"),
    *lines("messaging.see_messages", "GET", "home:message"),
    *lines("messaging.see_messages", "POST", "home:settle_message"),
    # ---- participants: arrival
    *lines("everyone", "GET POST", "participants:check", "participants:sign_up"),
    *lines("everyone", "GET POST", "participants:checked"),
    *lines("everyone", "GET", "participants:signed_up", "participants:signed_up_waiting"),
    *lines("everyone", "GET POST", "participants:interest"),
    *lines("who holds a link of their own", "POST", "participants:choose_worker"),
    *lines("everyone", "GET", "participants:interest_kept", "participants:interest_deleted"),
    *lines("everyone", "GET", "participants:interest_delete"),
    *lines("who holds a link of their own", "GET POST", "participants:interest_delete_page"),
    *lines("everyone", "GET", "participants:receipt_link", "participants:receipt_withdrawn"),
    *lines("everyone", "GET", "participants:receipt_here"),
    *lines("who holds a link of their own", "GET POST", "participants:receipt"),
    *lines("who holds a link of their own", "POST", "participants:receipt_withdraw"),
    *lines("list of participants.see_demand", "GET", "participants:demand"),
    *lines("the face of a worker", "GET", "participants:face"),
    *lines("list of participants.see_applicants", "GET POST", "participants:applicants"),
    *lines(
        "participants.see_applicants",
        "GET",
        "participants:applicant",
        about="applicant",
    ),
    *lines("participants.decide", "POST", "participants:contact", about="applicant"),
    *lines("participants.decide", "POST", "participants:another_person", about="applicant"),
    *lines(
        "participants.see_applicants", "GET POST", "participants:move_applicant", about="applicant"
    ),
    *lines("participants.decide", "GET POST", "participants:intake", about="applicant"),
    *lines("participants.decide", "POST", "participants:begin_intake", about="applicant"),
    *lines("participants.decide", "POST", "participants:decide", about="applicant"),
    *lines("participants.decide", "POST", "participants:told", about="applicant"),
    *lines("participants.decide", "POST", "participants:ask_advice", about="applicant"),
    *lines("participants.consult", "GET POST", "participants:consultation", about="applicant"),
    # ---- participants: around the first talk
    *lines("participants.decide", "POST", "participants:note_first_idea", about="applicant"),
    *lines("participants.decide", "POST", "participants:note_care", about="applicant"),
    *lines("participants.decide", "POST", "participants:held_one_to_one", about="applicant"),
    *lines("participants.consult", "GET POST", "participants:one_to_one_flag"),
    *lines("participants.decide", "GET POST", "participants:hand_over", about="applicant"),
    # ---- participants: underway
    *lines("participants.decide", "GET POST", "participants:reach", "participants:pause"),
    *lines("participants.decide", "GET POST", "participants:care_concerns"),
    *lines("participants.decide", "GET POST", "participants:care_concern"),
    *lines("participants.decide", "GET POST", "participants:stopped", about="stopped"),
    *lines("participants.consult", "GET POST", "participants:think_along"),
    *lines("every young person", "GET POST", "participants:own_pause"),
    # ---- participants: the route map
    *lines("every participant", "GET", "participants:own_route"),
    *lines("everyone", "GET", "participants:who_helps"),
    *lines("every participant", "POST", "participants:call_me"),
    *lines("participants.see_file", "GET POST", "participants:call_wish"),
    *lines("participants.see_file", "GET", "participants:route"),
    # ---- participants: in without an own mailbox
    *lines("participants.hand_code", "GET POST", "participants:hand_code"),
    *lines("participants.hand_code", "POST", "participants:take_back_code"),
    *lines("every participant", "GET POST", "participants:own_codes"),
    *lines("every participant", "GET POST", "participants:sign_in_address"),
    *lines("who hears a disputed code", "GET POST", "participants:disputed_code"),
    # ---- participants: who knows whom
    *lines("who holds a link of their own", "POST", "participants:known_at_sign_up"),
    *lines("every participant", "GET POST", "participants:whom_i_know"),
    *lines("participants.decide", "POST", "participants:said_in_talk", about="applicant"),
    *lines("participants.decide", "GET POST", "participants:stay_out", about="applicant"),
    *lines("list of participants.consult", "GET POST", "participants:recusals"),
    *lines("participants.consult", "POST", "participants:let_in"),
    # ---- participants: consent
    *lines("every participant", "GET POST", "participants:details", "participants:agreements"),
    *lines("every participant", "GET POST", "participants:guardians"),
    *lines("every participant", "POST", "participants:say_not_at_home"),
    *lines("participants.decide", "GET POST", "participants:asked_again"),
    *lines("participants.decide", "GET POST", "participants:silence", about="applicant"),
    *lines("participants.consult", "GET POST", "participants:parent_at_work", about="applicant"),
    *lines("everyone", "GET", "participants:parent_consent", "participants:parent_withdraw"),
    *lines("who holds a link", "GET POST", "participants:parent_page"),
    *lines("everyone", "GET", "participants:parent_receipt", "participants:parent_feedback"),
    *lines("who holds a link to withdraw", "GET POST", "participants:parent_feedback_page"),
    *lines("every participant", "GET POST", "participants:who_hears_what"),
    *lines("list of participants.see_register", "GET", "participants:register"),
    *lines("list of participants.decide", "POST", "participants:register"),
    *lines("a referrer of the own register", "GET POST", "participants:referrer"),
    *lines("participants.decide", "GET POST", "participants:referrers"),
    *lines("participants.decide", "POST", "participants:tie"),
    # The town's parent has not answered: participants/parents/test_receipt_pdf.py holds the paper.
    *lines("who holds a link to withdraw", "GET", "participants:parent_receipt_pdf"),
    *lines("who holds a link to withdraw", "GET POST", "participants:parent_withdraw_page"),
    *lines("everyone", "GET", "participants:parent_done"),
    *lines("participants.decide", "GET", "participants:parents"),
    *lines("participants.decide", "POST", "participants:harm", "participants:release_request"),
    *lines("participants.decide", "POST", "participants:question_answered"),
    *lines("participants.decide", "POST", "participants:unsafe_home", "participants:home_is_safe"),
    *lines("participants.decide", "GET POST", "participants:change_guardian"),
    *lines("participants.decide", "GET POST", "participants:birth_date"),
    *lines("the parent's child", "GET POST", "participants:change_own_guardian"),
    *lines("list of participants.set_consent_policy", "GET", "participants:policies"),
    *lines("participants.set_consent_policy", "GET POST", "participants:policy"),
    *lines("named in the exception", "GET POST", "participants:unsafe_home_agreed"),
    # ---- participants: what we know about you
    *lines("every participant", "GET", "participants:known", "participants:who_looked"),
    *lines("every participant", "GET", "participants:package", "participants:package_file"),
    *lines("every participant", "GET", "participants:package_document"),
    *lines("every participant", "GET POST", "participants:ask_about_data"),
    *lines("the person", "POST", "participants:take_back_request"),
    *lines("who answers the request", "GET POST", "participants:data_request"),
    *lines("who answers the request", "GET", "participants:rest_of_data"),
    *lines("participants.decide", "GET POST", "participants:data_requests"),
    # ---- participants: something is not okay
    *lines("every participant", "GET POST", "participants:not_okay"),
    *lines("the person", "POST", "participants:tell_more"),
    *lines("named in the complaint", "GET POST", "participants:complaint"),
    # ---- participants: leaving and what comes after
    *lines("every participant", "GET POST", "participants:onward"),
    *lines("participants.decide", "GET POST", "participants:exit_talk"),
    *lines("participants.decide", "POST", "participants:drop_agreement"),
    *lines("participants.decide", "GET POST", "participants:parents_at_exit"),
    *lines("participants.decide", "GET POST", "participants:allow_return"),
    *lines("named in the exception", "GET POST", "participants:discussed", about="stopped"),
    *lines("groups.place", "GET POST", "home:close", "groups:reopen"),
    *lines("participants.decide after leaving", "GET POST", "questionnaires:aftercare"),
    # ---- groups
    *lines("signed in", "GET", "groups:list"),
    *lines("groups.see_meetings of a group", "GET", "groups:group"),
    *lines("groups.place in a group", "GET POST", "groups:plan", "groups:rhythm"),
    *lines("groups.describe_door in a group", "GET POST", "groups:door"),
    *lines("a person before the first evening", "GET", "groups:first_evening"),
    *lines("the photo of a door", "GET", "groups:door_picture"),
    *lines("every young person", "POST", "groups:first_evening"),
    *lines("signed in", "GET", "groups:calendar"),
    *lines("groups.see_meetings", "GET", "groups:meeting", "groups:meeting_now"),
    *lines("who sees meetings anywhere", "GET POST", "groups:own_feed"),
    *lines("who holds a calendar address", "GET", "groups:feed"),
    *lines("who may see the evening", "GET", "groups:in_calendar"),
    *lines("groups.record_attendance", "POST", "groups:everyone", "groups:undo", "groups:tap"),
    *lines("groups.record_attendance by the API", "GET POST", "groups:attendance_api"),
    *lines("groups.record_attendance by the API", "POST", "groups:lines_api"),
    *lines("signed in to the API", "GET", "schema"),
    *lines("everyone", "GET", "groups:worker_script", "groups:no_connection"),
    *lines("groups.record_attendance", "POST", "groups:guests", "groups:visitor_off"),
    *lines("groups.record_attendance", "GET POST", "groups:walk_in"),
    *lines("groups.record_attendance", "GET", "groups:help", "groups:emergency_contacts"),
    *lines("groups.record_attendance", "POST", "groups:timed_line"),
    *lines("groups.see_logbook", "GET", "groups:logbook", "groups:logbook_on_paper"),
    # The coordinator's own card is the word back; the others are refused by name: tests/groups.
    *lines("groups.see_logbook", "POST", "groups:logbook_save"),
    *lines("groups.write_logbook", "GET", "groups:logbook_now"),
    *lines("groups.record_attendance", "POST", "groups:early"),
    *lines("groups.place of an evening", "POST", "groups:close", "groups:open_again"),
    *lines("behind a name on the sheet", "GET", "groups:call"),
    *lines("behind a name on the sheet", "POST", "groups:called", "groups:not_called"),
    *lines("behind a name on the sheet", "GET", "groups:person"),
    *lines("behind a name on the sheet", "POST", "groups:left_early"),
    *lines("groups.correct_attendance", "GET POST", "groups:correct"),
    *lines("groups.place of an evening", "GET POST", "groups:change"),
    *lines("groups.place of an evening", "POST", "groups:cancel", "groups:take_back_change"),
    *lines("groups.place of an evening", "GET", "groups:told"),
    *lines("groups.place of a placement", "POST", "groups:tell_one"),
    *lines("groups.place of a placement", "GET POST", "groups:trial"),
    *lines("groups.place of a placement", "GET POST", "groups:chat"),
    *lines("groups.place in a group", "GET POST", "groups:group_chat"),
    *lines("groups.moderate_room", "GET POST", "groups:room"),
    *lines("a topic of somebody", "GET POST", "groups:room_topic"),
    *lines("who may look at a post", "GET POST", "groups:room_post"),
    *lines("everybody with a room", "GET POST", "groups:new_topic"),
    *lines("everybody with a room", "GET", "groups:mine"),
    *lines("the person's room", "GET POST", "groups:topic", "groups:post"),
    *lines("the person's room", "POST", "groups:fold_topic"),
    *lines("the person's room", "GET POST", "groups:report"),
    *lines("the person's room", "POST", "groups:fold_person"),
    *lines("groups.place", "GET POST", "groups:invite", "groups:move", "groups:leave"),
    *lines("the person's evening", "GET", "groups:my_meeting"),
    *lines("the person's evening", "GET POST", "groups:absent"),
    *lines("the ideas of a group", "GET", "groups:ideas"),
    *lines("thinking along in a group", "POST", "groups:ideas"),
    *lines("an idea of the group", "GET", "groups:idea", "groups:idea_questions"),
    *lines("an idea of the group", "GET", "groups:idea_when"),
    *lines("thinking along about an idea", "POST", "groups:idea", "groups:idea_questions"),
    *lines("thinking along about an idea", "POST", "groups:idea_when"),
    *lines("the person's evening", "GET POST", "groups:too_expensive"),
    *lines("groups.handle_funding in a group", "GET POST", "groups:fundings"),
    *lines("groups.handle_funding", "GET POST", "groups:funding"),
    *lines("groups.record_attendance", "GET POST", "groups:stops"),
    *lines("a person in the trial", "GET POST", "groups:wish"),
    *lines("every young person", "GET POST", "groups:stop"),
    # ---- groups: to another group
    *lines("the own move", "GET POST", "groups:own_move"),
    *lines("decided by the coordinator", "GET POST", "groups:move_outside"),
    *lines("the worker of the new group", "POST", "groups:move_seen", "groups:move_outcome"),
    # ---- groups: an example to others
    *lines("groups.place", "GET POST", "groups:role_model"),
    *lines("the worker of whose group it ended", "POST", "groups:role_model_ended"),
    *lines("the own role model", "POST", "groups:rather_not"),
    # ---- groups: the farewell card
    *lines("groups.place", "GET POST", "groups:farewell"),
    *lines("groups.place of a text", "GET", "groups:farewell_printed", about="stopped"),
    *lines("groups.place of a text", "POST", "groups:farewell_judge"),
    *lines("a young person of the group", "GET POST", "groups:farewell_write"),
    *lines("who holds a link of their own", "GET POST", "groups:farewell_round"),
    *lines("whose card was given", "GET", "groups:farewell_yours", "groups:farewell_yours_printed"),
    # ---- challenges
    *lines("every participant", "GET POST", "challenges:mine", "challenges:choose"),
    *lines("the own challenge", "GET POST", "challenges:own"),
    *lines("everybody with a room", "GET", "challenges:of_peers"),
    *lines("participants.see_journey", "GET", "challenges:of_stay"),
    *lines("challenges.note", "POST", "challenges:of_stay"),
    *lines("every participant", "GET", "challenges:dared"),
    *lines("the own challenge", "GET POST", "challenges:practised", "challenges:finish"),
    *lines("the own challenge", "GET POST", "challenges:practice_note"),
    *lines("challenges.note", "GET", "challenges:talk"),
    *lines("challenges.note", "GET POST", "challenges:evaluate"),
    *lines("participants.see_journey of a group", "GET", "challenges:of_group"),
    *lines("challenges.observe", "GET POST", "challenges:observe", "challenges:observation"),
    *lines("challenges.observe", "GET", "challenges:observations"),
    *lines("challenges.observe", "POST", "challenges:jotting"),
    *lines("challenges.observe", "GET", "challenges:hypotheses"),
    *lines("challenges.observe", "GET POST", "challenges:new_hypothesis", "challenges:hypothesis"),
    *lines("challenges.observe", "GET POST", "challenges:change_hypothesis", "challenges:instead"),
    *lines("challenges.observe in a group", "GET", "challenges:observe_in"),
    *lines("list of challenges.observe", "GET", "challenges:remembered"),
    *lines("challenges.observe", "GET", "home:thread"),
    *lines("challenges.observe", "GET POST", "challenges:discuss"),
    *lines("challenges.coach", "GET", "challenges:under_another_name"),
    *lines("challenges.observe", "GET", "challenges:support_of_stay"),
    *lines(
        "challenges.observe at a meeting",
        "GET",
        "challenges:preparation",
        "challenges:preparation_now",
        "challenges:preparation_on_paper",
    ),
    *lines("challenges.observe at a meeting", "POST", "challenges:preparation"),
    *lines("challenges.observe of somebody there", "GET POST", "challenges:support_at"),
    *lines("who reads the support forms", "GET", "challenges:support_forms"),
    *lines("challenges.manage_support_forms", "POST", "challenges:support_forms"),
    *lines("challenges.manage_support_forms", "GET POST", "challenges:support_form"),
    # ---- questionnaires
    *lines("answer it oneself", "GET", "questionnaires:who_reads", "questionnaires:stop_here"),
    *lines("answer it oneself", "GET POST", "questionnaires:item", "questionnaires:finish"),
    *lines("answer it oneself", "GET POST", "questionnaires:thanks", "questionnaires:later"),
    *lines("answer it oneself", "GET", "questionnaires:look_back", about="answered"),
    *lines("everyone", "GET", "questionnaires:tomorrow_by_mail"),
    *lines("everyone", "GET", "questionnaires:rather_not_by_mail"),
    *lines("who holds a link of their own", "GET POST", "questionnaires:tomorrow_by_mail_page"),
    *lines("who holds a link of their own", "GET POST", "questionnaires:rather_not_by_mail_page"),
    *lines("questionnaires.write_by_hand", "GET", "questionnaires:ready_text"),
    *lines("questionnaires.see_answers", "GET", "questionnaires:answers"),
]
