"""Who answers which port, in an explicit order. One page, read from top to bottom."""

from challenges import panels as challenges_panels
from challenges import privacy as challenges_privacy
from challenges import todos as challenges_todos
from challenges.glance import going
from challenges.register import reminding, with_stay
from challenges.talks import aim
from core import ports
from core.accounts import privacy as accounts_privacy
from core.audit import privacy as audit_privacy
from core.drafts import privacy as drafts_privacy
from core.messaging import privacy as messaging_privacy
from core.messaging import todos as messaging_todos
from groups import panels as groups_panels
from groups import privacy as groups_privacy
from groups import todos as groups_todos
from groups.evenings import told
from groups.seats import move_outcome, moving, placement
from joinus.home import todos as home_todos
from participants import panels as participants_panels
from participants import todos as participants_todos
from participants.exit import panel as goodbye_panel
from participants.intake import mail as intake_mail
from participants.journey import time_line
from participants.parents import at_send_time as to_parents
from participants.referrers import parents_tell, telling
from participants.rights import privacy as participants_privacy
from participants.signup import first_contact, receipt
from questionnaires import panels as questionnaire_panels
from questionnaires import privacy as questionnaires_privacy
from questionnaires import todos as questionnaire_todos
from questionnaires.cycle import cycle, follow_up, preview, reminders


def connect() -> None:
    """Give every port of `core.ports` its answers; called once when Django starts.

    Raises ports.Unanswered when one stays without an answer.
    """
    ports.trajectory_changed.answered_by(
        placement.give_back_seats, move_outcome.end_with_stay, with_stay.follow, cycle.follow
    )
    ports.cycle_preview.answered_by(preview.consequences)
    ports.todos.answered_by(
        *messaging_todos.RULES,
        *participants_todos.RULES,
        *groups_todos.RULES,
        *challenges_todos.RULES,
        *questionnaire_todos.RULES,
        *home_todos.RULES,
    )
    ports.file_panels.answered_by(
        participants_panels.file_panels,
        goodbye_panel.file_panels,
        groups_panels.file_panels,
        challenges_panels.file_panels,
        questionnaire_panels.file_panels,
    )
    ports.time_line.answered_by(
        time_line.time_line,
        goodbye_panel.time_line,
        groups_panels.time_line,
        challenges_panels.time_line,
        questionnaire_panels.time_line,
    )
    ports.tries_now.answered_by(going.of_group)
    ports.talk_aims.answered_by(aim.beside_a_talk)
    ports.follow_up_settled.answered_by(follow_up.settled)
    ports.message_wanted.answered_by(
        to_parents.message_wanted,
        telling.message_wanted,
        parents_tell.message_wanted,
        first_contact.message_wanted,
        receipt.message_wanted,
        intake_mail.message_wanted,
        moving.message_wanted,
        reminders.message_wanted,
        told.message_wanted,
        reminding.message_wanted,
    )
    ports.stops_at_once.answered_by(
        to_parents.stops_at_once, parents_tell.stops_at_once, told.stops_at_once
    )
    ports.export_person.answered_by(
        participants_privacy.export_person,
        groups_privacy.export_person,
        challenges_privacy.export_person,
        questionnaires_privacy.export_person,
        messaging_privacy.export_person,
        accounts_privacy.export_person,
        audit_privacy.export_person,
        drafts_privacy.export_person,
    )
    ports.erase_person.answered_by(  # from the top down
        challenges_privacy.erase_person,
        questionnaires_privacy.erase_person,
        groups_privacy.erase_person,
        participants_privacy.erase_person,
        drafts_privacy.erase_person,
        messaging_privacy.erase_person,
        accounts_privacy.erase_person,
    )
    if silent := [port.name for port in ports.ALL if not port.is_answered]:
        raise ports.Unanswered(", ".join(silent))
