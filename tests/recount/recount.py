#!/usr/bin/env python3
"""Recount the questionnaire cycle from `manage.py export_cycle --json` alone.

Written from the agreed rules, not from the product: it imports nothing of the project. Reads JSON
lines, recounts every stay as it should stand on `--day`, and prints each disagreement. Exit
status 1 when there is one.
"""

import argparse
import calendar
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

FAR = date.max
ENDED_EARLY = {"referred", "withdrawn"}
DUE_AFTER = {"interim": 14, "exit": 7, "follow_up": 60}


def day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


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

    def holds(self, when: date) -> bool:
        return self.begin <= when < self.end


@dataclass(frozen=True)
class Expected:
    wave: str
    sequence: int
    earned_on: date
    known_on: date


class Stay:
    def __init__(self, row: dict[str, Any], today: date) -> None:
        self.row = row
        self.today = today
        self.holds = [
            Span(day(h["from"]) or FAR, day(h["until"]) or FAR, h["kind"]) for h in row["on_hold"]
        ]
        self.placements = [
            (p["group"], day(p["from"]) or FAR, day(p["until"]) or FAR)
            for p in row["placements"]
            if not p["trial"]
        ]
        self.ended_on = day(row["ended_on"])
        self.last_meeting_on = day(row["last_meeting_on"])
        self.exited_on = day(row["exited_on"])

    # -- what counts ---------------------------------------------------------

    def counts(self, meeting: dict[str, Any]) -> bool:
        when = day(meeting["date"])
        assert when is not None
        return (
            meeting["status"] == "held"
            and meeting["attendance"] == "present"
            and any(g == meeting["group"] and a <= when <= b for g, a, b in self.placements)
            and not any(h.kind == "blocked" and h.holds(when) for h in self.holds)
        )

    def attended(self) -> list[dict[str, Any]]:
        return sorted((m for m in self.row["meetings"] if self.counts(m)), key=lambda m: m["date"])

    def free_from(self, start: date) -> date:
        """First day from `start` on which nothing is on hold."""
        while blocking := [h for h in self.holds if h.holds(start)]:
            start = max(h.end for h in blocking)
            if start == FAR:
                return FAR
        return start

    # -- which waves are earned ------------------------------------------------

    def expected(self) -> list[Expected]:
        screened, consent = day(self.row["screened_on"]), day(self.row["consent_complete_on"])
        if screened is None or consent is None:
            return []
        ready = max(screened, consent)
        found = [Expected("baseline", 1, ready, ready)]
        attended = self.attended()
        leaves = self.exit_day()
        sequence = 0
        for n in range(6, len(attended) + 1, 6):
            six = attended[n - 6 : n]
            earned = day(six[-1]["date"])
            assert earned is not None
            if leaves is not None and earned == self.last_meeting_on and leaves == earned:
                continue
            sequence += 1
            known = max(day(m["recorded_at"]) or earned for m in attended[:n])
            found.append(Expected("interim", sequence, earned, max(earned, known)))
        if leaves is not None:
            found.append(Expected("exit", 1, leaves, leaves))
        if self.exited_on is not None and not self.row["follow_up_waived"]:
            asked = months_later(self.exited_on, 3)
            found.append(Expected("follow_up", 1, asked, asked))
        return [e for e in found if e.earned_on <= self.today]

    def exit_day(self) -> date | None:
        if self.row["exit_kind"] == "drop_out" or self.row["phase"] in ENDED_EARLY:
            return None
        if self.last_meeting_on is not None:
            return self.last_meeting_on
        waived = self.row["follow_up_waived"]
        if self.row["phase"] == "former" and waived not in ("contact_refused", "erased"):
            return self.ended_on
        return None

    # -- do the invitations agree? ---------------------------------------------

    def disagreements(self) -> Iterable[str]:
        for meeting in self.row["meetings"]:
            if meeting["counted"] != self.counts(meeting):
                yield f"meeting {meeting['date']}: counted is {meeting['counted']}"
        standing = {
            (i["wave"], i["sequence"]): i
            for i in self.row["invitations"]
            if i["state"] != "withdrawn"
        }
        expected = {(e.wave, e.sequence): e for e in self.expected()}
        for key, e in expected.items():
            invitation = standing.get(key)
            opens = self.free_from(e.known_on)
            over = self.ended_on is not None and opens > self.ended_on and e.wave != "follow_up"
            if invitation is None:
                if opens <= self.today and not over and not self.too_late(e):
                    yield f"{e.wave} {e.sequence}: earned on {e.earned_on}, but nothing stands"
                continue
            if invitation["earned_on"] != e.earned_on.isoformat() and not invitation["answered_on"]:
                yield f"{e.wave} {e.sequence}: earned {invitation['earned_on']}, not {e.earned_on}"
            yield from self.check_due(e, invitation)
        for key, invitation in standing.items():
            if key not in expected and not invitation["answered_on"]:
                yield f"{key[0]} {key[1]}: stands, but is not earned"
            opened = day(invitation["opened_on"])
            if opened is not None and any(h.holds(opened) for h in self.holds):
                yield f"{key[0]} {key[1]}: opened on {opened}, inside a hold"
        yield from self.check_states(list(standing.values()))

    def too_late(self, e: Expected) -> bool:
        return self.row["phase"] in ENDED_EARLY and e.known_on >= (self.ended_on or FAR)

    def check_due(self, e: Expected, invitation: dict[str, Any]) -> Iterable[str]:
        if e.wave not in DUE_AFTER or invitation["answered_on"]:
            return
        bases = {day(invitation["opened_on"]), day(invitation["earned_on"])}
        due = {(b + timedelta(days=DUE_AFTER[e.wave])).isoformat() for b in bases if b}
        if invitation["due_on"] not in due:
            yield f"{e.wave} {e.sequence}: due on {invitation['due_on']}, not one of {sorted(due)}"

    def check_states(self, standing: list[dict[str, Any]]) -> Iterable[str]:
        order = {"baseline": 0, "interim": 1, "exit": 2, "follow_up": 3}
        standing.sort(key=lambda i: (order[i["wave"]], i["sequence"]))
        opened = [i for i in standing if i["state"] == "open"]
        if len(opened) > 1:
            yield f"{len(opened)} waves are open"
        on_hold = any(h.holds(self.today) for h in self.holds)
        for n, invitation in enumerate(standing):
            name = f"{invitation['wave']} {invitation['sequence']}"
            state, later = invitation["state"], standing[n + 1 :]
            if bool(invitation["answered_on"]) != (state == "answered"):
                yield f"{name}: {state}, answered on {invitation['answered_on']}"
            if state == "open" and later and not on_hold:
                yield f"{name}: open, though a later one stands"
            if state == "missed" and not later and invitation["wave"] != "follow_up":
                yield f"{name}: missed, though nothing later stands"
            if state in ("open", "missed") and self.row["phase"] in ENDED_EARLY:
                yield f"{name}: {state}, though the stay ended early"
            if state == "open" and order[invitation["wave"]] < 2 and self.row["phase"] == "former":
                yield f"{name}: open, though the stay is closed"
            if invitation["wave"] == "follow_up" and state in ("open", "missed"):
                late = self.today >= (day(invitation["earned_on"]) or FAR) + timedelta(days=60)
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
