"""What stands beside the meetings of a group: logbooks, plans, changes, the room, a farewell card.

Of a year, and of what lies ahead: nobody's page reads further back. Written last, from who is here.
"""

from collections import defaultdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from core import clock
from groups.models import (
    Activity,
    ActivityLike,
    ActivityOrganiser,
    ActivityStop,
    Attendance,
    FarewellCard,
    FarewellText,
    LogbookPart,
    Meeting,
    MeetingChange,
    Notice,
    NoticeLine,
    Placement,
    Post,
    RoomVisit,
    SheetAct,
    Talk,
    Topic,
    Visitor,
)
from joinus.demo.fill.block import Block
from participants.models import Participant, Trajectory

#: Logbooks of a season; of the last few somebody wrote more than a sentence.
A_YEAR, AT_LENGTH = 26, 3
TALKS, TOPICS, POSTS = 3, 5, 6
CONDITIONS = ("fun_and_safety", "peer_to_peer", "leadership")


def write_evenings(block: Block) -> None:
    here = _who_is_here(block)
    held = block.held()[-A_YEAR:]
    _logbooks(block, held)
    _changed(block, here)
    if not held or len(here) < 2:
        return
    _sheet(block, held[-1])
    _planned(block, here, held)
    _room(block, [one for one in here if one.user_id])
    _farewell(block, here)


class Here:
    """Somebody with a place in the group, as the rows say."""

    def __init__(self, stay: Any, person: Any) -> None:
        self.stay, self.phase = stay.pk, stay.phase
        self.user_id, self.contact_id = person.user_id, person.contact_id


def _who_is_here(block: Block) -> list[Here]:
    people = {row.pk: row for row in block.rows if isinstance(row, Participant)}
    stays = {row.pk: row for row in block.rows if isinstance(row, Trajectory)}
    seats = (row for row in block.rows if isinstance(row, Placement))
    here = (stays[s.trajectory_id] for s in seats if s.last_day is None and not s.trial)
    found = [Here(stay, people[stay.participant_id]) for stay in here]
    return [one for one in found if one.phase in ("participating", "leaving")]


# ---- Logbooks and sheets -----------------------------------------------------------


def _logbooks(block: Block, held: list[Meeting]) -> None:
    """In some groups nobody wrote about the last meeting."""
    present: dict[UUID, list[UUID]] = defaultdict(list)
    for row in block.rows:
        if isinstance(row, Attendance) and row.state == "present":
            present[row.meeting_id].append(row.trajectory_id)
    kept = held[:-1] if block.variant % 4 == 2 else held
    for n, meeting in enumerate(kept):
        last = len(kept) - n <= AT_LENGTH
        _part(block, meeting, "activity", "We bakten pannenkoeken." if last else "Gezellig.")
        if last:
            _part(block, meeting, "own_time", "Bijpraten bij de thee.")
            for kind in CONDITIONS:
                _part(block, meeting, kind, state="plenty")
        for m, stay in enumerate(present[meeting.pk][n % 5 :: 5][:TALKS]):
            block.add(
                Talk,
                meeting_id=meeting.pk,
                trajectory_id=stay,
                by_id=block.workers[m % 2],
                text="Het gaat beter op school." if last else "",
                version=1,
                written_at=meeting.ends_at,
            )


def _part(block: Block, meeting: Meeting, kind: str, text: str = "", state: str = "") -> None:
    block.add(
        LogbookPart,
        meeting_id=meeting.pk,
        kind=kind,
        text=text,
        state=state,
        filled=True,
        version=1,
        written_by_id=block.workers[0],
        written_at=meeting.ends_at,
    )


def _sheet(block: Block, last: Meeting) -> None:
    """Two guests were counted and a friend came along: the name stays as long as the sheet."""
    by, at = block.workers[0], last.starts_at + timedelta(minutes=20)
    last.guests = 2
    for _n in range(2):
        block.add(SheetAct, meeting_id=last.pk, kind="guests", change=1, by_id=by, at=at)
    friend = block.add(Visitor, meeting_id=last.pk, call_name="Puk", added_at=at, added_by_id=by)
    block.add(
        SheetAct,
        meeting_id=last.pk,
        kind="visitor",
        change=1,
        visitor_id=friend.pk,
        by_id=by,
        at=at,
    )


# ---- What the group does -----------------------------------------------------------


def _planned(block: Block, here: list[Here], held: list[Meeting]) -> None:
    """The activities of a year and of the next meeting; ideas, and who would like them."""
    coming = [m for m in block.meetings if m.status == "planned"]
    for meeting in [*held, *coming]:
        if meeting.activity:
            plan = _idea(block, here[0], meeting.activity, meeting)
            block.add(ActivityOrganiser, activity_id=plan.pk, trajectory_id=here[0].stay)
            block.add(
                ActivityOrganiser,
                activity_id=plan.pk,
                trajectory_id=here[1].stay,
                task="Boodschappen doen",
            )
    for n, title in enumerate(("Bowlen", "Filmavond", "Naar het strand")):
        idea = _idea(block, here[n % len(here)], title)
        for one in here[n::3]:
            block.add(
                ActivityLike,
                activity_id=idea.pk,
                trajectory_id=one.stay,
                liked_at=block.now - timedelta(days=3),
            )
    for minutes, what, back in ((15, "Weg naar bowlen", False), (165, "Terug", True)):
        block.add(
            ActivityStop,
            meeting_id=coming[0].pk,
            at=coming[0].starts_at + timedelta(minutes=minutes),
            what=what,
            is_back=back,
            said_by_id=block.workers[0],
            client_id=block.new_key(),
        )


def _idea(block: Block, by: Here, title: str, meeting: Meeting | None = None) -> Any:
    before = meeting.starts_at if meeting else block.now
    return block.add(
        Activity,
        group_id=block.group,
        meeting_id=meeting.pk if meeting else None,
        title=title,
        proposed_by_id=by.stay,
        written_by_id=by.user_id,
        proposed_at=min(before, block.now) - timedelta(days=20),
        planned_by_id=block.workers[0] if meeting else None,
    )


# ---- What changed ------------------------------------------------------------------


def _changed(block: Block, here: list[Here]) -> None:
    """What is to come was planned in one go; one meeting moved since, and people were told.

    In a third of the groups two of them have yet to be told by a person.
    """
    by, act = block.workers[0], block.new_key()
    coming = [m for m in block.meetings if m.status == "planned"]
    planned_at = block.now - timedelta(days=70)
    moved = coming[1]
    was = moved.starts_at - timedelta(days=1)
    for meeting in coming:
        first = was if meeting is moved else meeting.starts_at
        _change(block, meeting, act, "planned", at=planned_at, now=first)
        meeting.sequence, meeting.changed_at = 1, planned_at
    for meeting in block.meetings:
        if meeting.status == "cancelled":
            at, starts = meeting.starts_at - timedelta(days=2), meeting.starts_at
            _change(block, meeting, block.new_key(), "cancelled", at=at, was=starts)
    act, at = block.new_key(), block.now - timedelta(days=2)
    _change(block, moved, act, "moved", at=at, was=was, now=moved.starts_at)
    moved.sequence, moved.changed_at = 2, at
    for n, one in enumerate(here):
        told = block.variant % 3 or n > 1
        notice = block.add(
            Notice,
            group_id=block.group,
            trajectory_id=one.stay,
            contact_id=one.contact_id,
            act=act,
            made_at=at,
            before=was,
            until=moved.ends_at,
            told_at=at + timedelta(hours=1) if told else None,
            told_by_id=by if told else None,
        )
        block.add(
            NoticeLine, notice_id=notice.pk, meeting_id=moved.pk, was=was, now=moved.starts_at
        )


def _change(block: Block, meeting: Meeting, act: UUID, kind: str, **when: Any) -> None:
    block.add(
        MeetingChange,
        meeting_id=meeting.pk,
        act=act,
        kind=kind,
        by_id=block.workers[0],
        **when,
    )


# ---- What they write ---------------------------------------------------------------


def _room(block: Block, here: list[Here]) -> None:
    """Topics with posts; in a third of the groups one that waits until a worker has looked."""
    for n in range(min(TOPICS, len(here))):
        began = clock.at(block.today - timedelta(days=30 - 5 * n), 16)
        topic = block.add(
            Topic,
            group_id=block.group,
            title="Wat doen we de volgende keer?",
            stay_id=here[n].stay,
            by_id=here[n].user_id,
            started_at=began,
            last_at=began + timedelta(hours=POSTS - 1),
        )
        for m in range(POSTS):
            one = here[(n + m) % len(here)]
            waits = block.variant % 3 == 2 and n == TOPICS - 1 and m == POSTS - 1
            block.add(
                Post,
                topic_id=topic.pk,
                stay_id=one.stay,
                by_id=one.user_id,
                text="Bel me op 0612345678" if waits else "Ik doe mee!",
                client_id=block.new_key(),
                written_at=began + timedelta(hours=m),
                shown_at=began + timedelta(hours=m),
                state="held" if waits else "shown",
                held_for="phone" if waits else "",
            )
    for one in here[::2]:
        block.add(
            RoomVisit,
            stay_id=one.stay,
            group_id=block.group,
            seen_at=block.now - timedelta(days=8),
        )


def _farewell(block: Block, here: list[Here]) -> None:
    """For who leaves: a card, words of half the group, two of them yet to be read."""
    for leaving in [one for one in here if one.phase == "leaving"]:
        at = block.now - timedelta(days=4)
        card = block.add(
            FarewellCard,
            trajectory_id=leaving.stay,
            started_at=at,
            started_by_id=block.workers[0],
        )
        for n, one in enumerate([one for one in here if one is not leaving][::2]):
            block.add(
                FarewellText,
                card_id=card.pk,
                by_stay_id=one.stay,
                way="typed",
                text="Jij maakt mij altijd aan het lachen.",
                written_at=at + timedelta(hours=n),
                read_at=None if n < 2 else at + timedelta(days=1),
                read_by_id=None if n < 2 else block.workers[0],
            )
