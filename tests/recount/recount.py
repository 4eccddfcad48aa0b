#!/usr/bin/env python3
"""Recount the questionnaire cycle from `manage.py export_cycle --json` alone.

Written from the agreed rules (design.md 4 and 5, C-38, C-42..C-44), not from the product: it
imports nothing of the project. Reads JSON lines, recounts every stay as it should stand at the end
of `--day`, and prints each disagreement. Exit status 1 when there is one.
"""

import argparse
import calendar
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

FAR = date.max
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ENDED_EARLY = {"referred", "withdrawn"}
DUE_AFTER = {"interim": 14, "exit": 7, "follow_up": 60}
AFTER_AN_EXIT = timedelta(days=28)  # C-42
DAYS_TO_ANSWER = timedelta(days=60)
ORDER = {"baseline": 0, "interim": 1, "exit": 2, "follow_up": 3}


def day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def midnight(when: date) -> datetime:
    return datetime.combine(when, time(), tzinfo=AMSTERDAM)


def months_later(start: date, months: int) -> date:
    """30 November plus three months is the last day of February."""
    index = start.month - 1 + months
    year, month = start.year + index // 12, index % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True)
class Span:
    begin: date
    end: date  # exclusive
    kind: str
    from_at: datetime | None = None
    until_at: datetime | None = None

    def holds(self, when: date) -> bool:
        return self.begin <= when < self.end

    def holds_at(self, when: datetime) -> bool:
        """Where no moment is known, the day begins or ends it."""
        begins = self.from_at or midnight(self.begin)
        if self.until_at is None and self.end == FAR:
            return begins <= when
        return begins <= when < (self.until_at or midnight(self.end))


@dataclass(frozen=True)
class Expected:
    """`sure` is False where the rows cannot tell: an agreement has no moment in them."""

    wave: str
    sequence: int
    earned_on: date
    known_on: date
    others: tuple[date, ...] = ()
    sure: bool = True

    @property
    def key(self) -> tuple[str, int]:
        return self.wave, self.sequence


class Stay:
    def __init__(self, row: dict[str, Any], today: date) -> None:
        self.row = row
        self.today = today
        self.holds = [
            Span(
                day(h["from"]) or FAR,
                day(h["until"]) or FAR,
                h["kind"],
                moment(h.get("from_at")),
                moment(h.get("until_at")),
            )
            for h in row["on_hold"]
        ]
        self.placements = [
            (p["group"], day(p["from"]) or FAR, day(p["until"]) or FAR)
            for p in row["placements"]
            if not p["trial"]
        ]
        self.ended_on = day(row["ended_on"])
        self.last_meeting_on = day(row["last_meeting_on"])
        self.exited_on = day(row["exited_on"])
        self.waived = row["follow_up_waived"] or ""
        self.standing = sorted(
            (i for i in row["invitations"] if i["state"] != "withdrawn"),
            key=lambda i: (i["earned_on"], ORDER[i["wave"]], i["sequence"]),
        )

    # -- what counts ---------------------------------------------------------

    def counts(self, meeting: dict[str, Any]) -> bool:
        """Consent is asked at the start of the evening, the place by its day."""
        when, starts = day(meeting["date"]), moment(meeting.get("starts_at"))
        assert when is not None
        if starts is not None:
            blocked = any(h.kind == "blocked" and h.holds_at(starts) for h in self.holds)
        else:
            blocked = any(h.kind == "blocked" and h.holds(when) for h in self.holds)
        return (
            meeting["status"] == "held"
            and meeting["attendance"] == "present"
            and any(g == meeting["group"] and a <= when <= b for g, a, b in self.placements)
            and not blocked
        )

    def attended(self) -> list[dict[str, Any]]:
        return sorted((m for m in self.row["meetings"] if self.counts(m)), key=lambda m: m["date"])

    def is_over(self, meeting: dict[str, Any]) -> bool:
        """By the end of the day that is recounted."""
        over = moment(meeting.get("over_at"))
        return over is None or over < midnight(self.today + timedelta(days=1))

    def free_from(self, start: date) -> date:
        """First day from `start` on which nothing is on hold."""
        while blocking := [h for h in self.holds if h.holds(start)]:
            start = max(h.end for h in blocking)
            if start == FAR:
                return FAR
        return start

    # -- which waves are earned ------------------------------------------------

    def goodbyes(self) -> list[dict[str, Any]]:
        """The exits that were answered, in order: each stays the measurement of its day (C-42)."""
        found = [i for i in self.standing if i["wave"] == "exit" and i["answered_on"]]
        return sorted(found, key=lambda i: i["sequence"])

    def expected(self) -> list[Expected]:
        screened, consent = day(self.row["screened_on"]), day(self.row["consent_complete_on"])
        if screened is None or consent is None:
            return []
        ready = max(screened, consent)
        found = [Expected("baseline", 1, ready, ready)]
        leaves = self.leaves()
        attended = self.attended()
        for n in range(6, len(attended) + 1, 6):
            earned = day(attended[n - 1]["date"])
            assert earned is not None
            if self.is_replaced(earned, leaves) or not self.is_over(attended[n - 1]):
                continue
            known = max(day(m["recorded_at"]) or earned for m in attended[:n])
            just_over = earned == self.today
            found.append(
                Expected("interim", n // 6, earned, max(earned, known), sure=not just_over)
            )
        if leaves is not None:
            found.append(leaves)
        if self.exited_on is not None and not self.waived:
            asked = months_later(self.exited_on, 3)
            found.append(Expected("follow_up", 1, asked, asked))
        return [e for e in found if e.earned_on <= self.today]

    def is_replaced(self, sixth: date, leaves: Expected | None) -> bool:
        """A sixth that is a goodbye as well, or came within four weeks of an answered one."""
        if leaves is not None and sixth in (leaves.earned_on, *leaves.others):
            return True
        days = [day(i["earned_on"]) or FAR for i in self.goodbyes()]
        return any(exit_day <= sixth < exit_day + AFTER_AN_EXIT for exit_day in days)

    def leaves(self) -> Expected | None:
        """The goodbye that is not answered yet."""
        if self.row["exit_kind"] == "drop_out" or self.row["phase"] in ENDED_EARLY:
            return None
        closed = self.row["phase"] == "former"
        answered = self.goodbyes()
        last = answered[-1] if answered else None
        number = len(answered) + 1
        if self.last_meeting_on is not None:
            exit_day = self.last_meeting_on
            if last is None:
                return Expected("exit", number, exit_day, exit_day)
            if closed and exit_day > (day(last["earned_on"]) or FAR):
                return Expected("exit", number, exit_day, exit_day)
            if exit_day >= (day(last["answered_on"]) or FAR):  # agreed anew, or only moved
                return Expected("exit", number, exit_day, exit_day, sure=False)
            return None
        if not closed or self.exited_on is None:
            return None
        if last is not None and self.exited_on <= (day(last["earned_on"]) or FAR):
            return None
        refused = self.waived in ("contact_refused", "erased")
        others = (self.ended_on,) if self.ended_on else ()
        return Expected(
            "exit", number, self.exited_on, self.ended_on or FAR, others, sure=not refused
        )

    # -- do the invitations agree? ---------------------------------------------

    def disagreements(self) -> Iterable[str]:
        for meeting in self.row["meetings"]:
            if meeting["counted"] != self.counts(meeting):
                yield f"meeting {meeting['date']}: counted is {meeting['counted']}"
        standing = {(i["wave"], i["sequence"]): i for i in self.standing}
        if len(standing) < len(self.standing):
            yield "a wave stands twice"
        expected = {e.key: e for e in self.expected()}
        for key, e in expected.items():
            yield from self.check_expected(e, standing.get(key))
        for key, invitation in standing.items():
            if key not in expected and not self.may_stand(invitation):
                yield f"{key[0]} {key[1]}: stands, but is not earned"
            opened = day(invitation["opened_on"])
            if opened is not None and any(h.holds(opened) for h in self.holds):
                yield f"{key[0]} {key[1]}: opened on {opened}, inside a hold"
        yield from self.check_openings()
        yield from self.check_states()

    def check_expected(self, e: Expected, invitation: dict[str, Any] | None) -> Iterable[str]:
        name = f"{e.wave} {e.sequence}"
        opens = self.free_from(e.known_on)
        over = self.ended_on is not None and opens > self.ended_on and e.wave != "follow_up"
        if invitation is None:
            if e.wave == "exit" and opens <= self.today:
                over = False
            if e.sure and opens <= self.today and not over and not self.too_late(e):
                yield f"{name}: earned on {e.earned_on}, but nothing stands"
            return
        days = {d.isoformat() for d in (e.earned_on, *e.others)}
        if invitation["earned_on"] not in days and not invitation["answered_on"]:
            yield f"{name}: earned {invitation['earned_on']}, not {e.earned_on}"
        yield from self.check_due(e, invitation)

    def may_stand(self, invitation: dict[str, Any]) -> bool:
        """Answered, or as it was when the follow-up was waived (R-352)."""
        if invitation["answered_on"]:
            return True
        if invitation["wave"] == "exit":
            return bool(self.waived) and self.row["phase"] == "former"
        return self.waived == "returned" and invitation["state"] in ("closed", "missed")

    def too_late(self, e: Expected) -> bool:
        if self.waived == "returned":
            return True
        return self.row["phase"] in ENDED_EARLY and e.known_on >= (self.ended_on or FAR)

    def check_due(self, e: Expected, invitation: dict[str, Any]) -> Iterable[str]:
        if e.wave not in DUE_AFTER or invitation["answered_on"]:
            return
        bases = {day(invitation["opened_on"]), day(invitation["earned_on"])}
        due = {(b + timedelta(days=DUE_AFTER[e.wave])).isoformat() for b in bases if b}
        if invitation["due_on"] not in due:
            yield f"{e.wave} {e.sequence}: due on {invitation['due_on']}, not one of {sorted(due)}"

    def check_openings(self) -> Iterable[str]:
        """Each has its number, and the one that stands is the newest of its wave (R-351)."""
        numbers: dict[tuple[str, int], list[dict[str, Any]]] = {}
        for invitation in self.row["invitations"]:
            key = (invitation["wave"], invitation["sequence"])
            numbers.setdefault(key, []).append(invitation)
        for key, rows in numbers.items():
            found = sorted(i.get("opening", 1) for i in rows)
            if found != list(range(1, len(rows) + 1)):
                yield f"{key[0]} {key[1]}: openings {found}"
            for invitation in rows:
                newest = invitation.get("opening", 1) == found[-1]
                if invitation["state"] != "withdrawn" and not newest:
                    yield f"{key[0]} {key[1]}: an older opening stands"

    def check_states(self) -> Iterable[str]:
        standing = self.standing
        opened = [i for i in standing if i["state"] == "open"]
        if len(opened) > 1:
            yield f"{len(opened)} waves are open"
        if opened and self.waived == "returned":
            yield f"{opened[0]['wave']}: open, though a newer stay runs"
        on_hold = any(h.holds(self.today) for h in self.holds)
        for n, invitation in enumerate(standing):
            name = f"{invitation['wave']} {invitation['sequence']}"
            state, later = invitation["state"], standing[n + 1 :]
            if bool(invitation["answered_on"]) != (state == "answered"):
                yield f"{name}: {state}, answered on {invitation['answered_on']}"
            if state == "open" and later and not on_hold:
                yield f"{name}: open, though a later one stands"
            follows = invitation["wave"] == "follow_up" or (
                invitation["wave"] == "exit" and self.waived
            )
            if state == "missed" and not later and not follows:
                yield f"{name}: missed, though nothing later stands"
            if state in ("open", "missed") and self.row["phase"] in ENDED_EARLY:
                yield f"{name}: {state}, though the stay ended early"
            closed = self.row["phase"] == "former"
            if state == "open" and ORDER[invitation["wave"]] < 2 and closed:
                yield f"{name}: open, though the stay is closed"
            if invitation["wave"] == "follow_up" and state in ("open", "missed"):
                opened = day(invitation["opened_on"]) or self.today
                late = self.today > opened + DAYS_TO_ANSWER
                if late != (state == "missed") and not self.holds:
                    yield f"{name}: {state} on {self.today}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--day", type=date.fromisoformat, default=date.today())
    today = parser.parse_args().day
    stays = wrong = 0
    for line in sys.stdin:
        stays += 1
        row = json.loads(line)
        for complaint in Stay(row, today).disagreements():
            wrong += 1
            sys.stdout.write(f"{row['trajectory']}: {complaint}\n")
    sys.stdout.write(f"{stays} stays recounted, {wrong} disagreements\n")
    return 1 if wrong or not stays else 0


if __name__ == "__main__":
    sys.exit(main())
