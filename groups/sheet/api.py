"""The sheet for a phone that loses its connection: what it may keep, and its queue of taps."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import clock
from core.accounts.models import User
from core.accounts.signin import keeps_on_the_phone
from core.audit.log import opened
from core.drafts.tickets import mark_of
from core.errors import NotYours, RuleBroken
from core.names import in_order
from groups.evenings.over import is_closed, is_to_come, sheet_open_until
from groups.models import Attendance, Meeting
from groups.models.moments import sheet_opens_at
from groups.permissions import RECORD_ATTENDANCE, require_here
from groups.sheet.attendance import Tap
from groups.sheet.early import asks_first, require_open
from groups.sheet.forms import BIGGEST
from groups.sheet.numbers import who_to_ring
from groups.sheet.rows import rows_of
from groups.sheet.sealed_lines import OUTCOMES as SEALED_OUTCOMES
from groups.sheet.sealed_lines import Sealed, key_of, write_sealed, written_at
from groups.sheet.sync import MOST, Item, Outcome, sync
from groups.sheet.views.access import sheet_of

State = Attendance.State
#: Of ten thousand characters each, at most; a phone sends them one by one.
MOST_LINES = 10


class Refusal(serializers.Serializer[Any]):
    """Every "no": `detail` for a person, `code` for a program."""

    code = serializers.CharField()
    detail = serializers.CharField()


class TapIn(serializers.Serializer[Any]):
    """One tap: `participant` is the id of the row; `base_version` the version that was looked at.

    `act`: taps of one act share it; they are taken back together.
    """

    client_id = serializers.UUIDField()
    participant = serializers.UUIDField()
    status = serializers.ChoiceField(choices=State.choices)
    base_version = serializers.IntegerField(min_value=0, max_value=BIGGEST)
    act = serializers.UUIDField(required=False)


class TapsIn(serializers.ListSerializer[Any]):
    """A queue."""


class TapOut(serializers.Serializer[Any]):
    """What became of it, and what stands now: whose it is and since when."""

    client_id = serializers.UUIDField()
    participant = serializers.UUIDField()
    outcome = serializers.ChoiceField(choices=[one.value for one in Outcome])
    http = serializers.IntegerField(help_text="What it would be as an answer of its own.")
    status = serializers.ChoiceField(choices=State.choices, allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    by = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField(allow_null=True)
    recorded_late = serializers.BooleanField()
    code = serializers.CharField(allow_blank=True)
    detail = serializers.CharField(allow_blank=True)


class RowOut(serializers.Serializer[Any]):
    participant = serializers.UUIDField()
    name = serializers.CharField()
    status = serializers.ChoiceField(choices=State.choices)
    version = serializers.IntegerField()
    proposed = serializers.BooleanField(help_text="Said beforehand not to come.")


class NumberOut(serializers.Serializer[Any]):
    whose = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    number = serializers.CharField()


class EveningOut(serializers.Serializer[Any]):
    """What a phone keeps until `until`: names and states, no reasons, no notes, no parents."""

    who = serializers.CharField(help_text="Whose phone this is; kept under it.")
    meeting = serializers.UUIDField()
    group = serializers.CharField()
    starts_at = serializers.DateTimeField()
    now = serializers.DateTimeField(help_text="The clock that counts.")
    opens_at = serializers.DateTimeField(help_text="From here on it can be filled in.")
    until = serializers.DateTimeField()
    seal = serializers.CharField(help_text="Seals the timed lines of this worker and evening.")
    rows = RowOut(many=True)
    numbers = NumberOut(many=True)


class LineIn(serializers.Serializer[Any]):
    """A timed line: its words sealed with `seal` and bound to `client_id`; `at`: when written."""

    client_id = serializers.UUIDField()
    at = serializers.DateTimeField()
    sealed = serializers.CharField()


class LinesIn(serializers.ListSerializer[Any]):
    """Lines that waited."""


class LineOut(serializers.Serializer[Any]):
    """`participant` is its own id: on a phone it waits as a tap on a row of its own."""

    client_id = serializers.UUIDField()
    participant = serializers.UUIDField(source="client_id")
    outcome = serializers.ChoiceField(choices=[one.value for one in SEALED_OUTCOMES])
    http = serializers.IntegerField()


NOES = dict.fromkeys((400, 401, 403, 404, 413), Refusal)
NOT_TODAY = {409: Refusal}


class AttendanceApi(APIView):
    """`/api/v1/meetings/{id}/attendance`."""

    @extend_schema(operation_id="evening", responses={200: EveningOut, **NOES, **NOT_TODAY})
    @transaction.atomic
    def get(self, request: Request, meeting_id: UUID) -> Response:
        """The sheet of today, to be kept on this phone until 04:00."""
        meeting, user = _mine(request, meeting_id)
        now = clock.now()
        if not keeps_on_the_phone(request):
            raise RuleBroken(_("Nothing is kept on a shared device."), "shared_device")
        if why := _not_today(meeting, now):
            raise RuleBroken(why, "not_today")
        early = asks_first(request.session, meeting)
        opens_at = sheet_opens_at(meeting.starts_at) if early else now
        evening, stays = _evening(meeting, user, now, opens_at)
        if stays:
            opened(user, "emergency_ready", stays, request)
        return Response(EveningOut(evening).data)

    @extend_schema(
        operation_id="sync_attendance",
        request=TapIn(many=True),
        responses={
            200: OpenApiResponse(TapOut(many=True), description="One for each tap, in its order."),
            409: OpenApiResponse(Refusal, description="Not open yet: send it again later."),
            **NOES,
        },
    )
    def post(self, request: Request, meeting_id: UUID) -> Response:
        """Send a queue of at most a hundred taps; sent again, it changes nothing."""
        meeting, user = _mine(request, meeting_id)
        require_same(request, user)
        require_open(request.session, meeting)
        items = [_item(told) for told in _told(request, TapsIn, TapIn(), MOST)]
        return Response(TapOut(sync(meeting=meeting, items=items, by=user), many=True).data)


class LinesApi(APIView):
    """`/api/v1/meetings/{id}/lines`."""

    @extend_schema(
        operation_id="sync_lines",
        request=LineIn(many=True),
        responses={200: LineOut(many=True), **NOES},
    )
    def post(self, request: Request, meeting_id: UUID) -> Response:
        """Write down lines that waited for a connection; sent again, it changes nothing. Whoever
        leads the group no longer still sends what they wrote that evening, and reads nothing."""
        user = _account(request)
        meeting = _written_at(request, meeting_id, user) or _mine(request, meeting_id)[0]
        require_same(request, user)
        told = _told(request, LinesIn, LineIn(), MOST_LINES)
        items = [Sealed(one["client_id"], one["at"], one["sealed"]) for one in told]
        found = write_sealed(meeting=meeting, lines=items, by=user)
        return Response(LineOut(found, many=True).data)


attendance = AttendanceApi.as_view()
lines = LinesApi.as_view()


def require_same(request: Request, user: User) -> None:
    """What waited on a phone is sent by who made it. Raises NotYours: somebody_else."""
    if request.headers.get("X-Queue-Of", mark_of(user)) != mark_of(user):
        raise NotYours(_("Somebody else made these taps."), "somebody_else")


def _told(
    request: Request, kind: type[serializers.ListSerializer[Any]], child: Any, most: int
) -> list[dict[str, Any]]:
    if not isinstance(request.data, list):  # a form, for instance
        raise ParseError
    found = kind(data=request.data, child=child, max_length=most)
    found.is_valid(raise_exception=True)
    told: list[dict[str, Any]] = found.validated_data
    return told


def _not_today(meeting: Meeting, now: datetime) -> str:
    """Why this sheet lies on no phone; nothing when it may."""
    if meeting.status == Meeting.Status.CANCELLED:
        return _("This evening was cancelled.")
    if is_to_come(meeting, now):
        return _("This evening is still to come.")
    return (
        _("Only today's sheet can be kept on this phone.") if is_closed(meeting.date, now) else ""
    )


def _mine(request: Request, meeting_id: UUID) -> tuple[Meeting, User]:
    meeting = sheet_of(request, meeting_id)
    require_here(request.user, RECORD_ATTENDANCE, meeting.group_id)
    return meeting, _account(request)


def _written_at(request: Request, meeting_id: UUID, user: User) -> Meeting | None:
    """The evening of lines that open for this worker; nothing is said of what cannot be read."""
    found = LinesIn(data=request.data, child=LineIn(), max_length=MOST_LINES)
    if not isinstance(request.data, list) or not found.is_valid():
        return None
    told = [Sealed(one["client_id"], one["at"], one["sealed"]) for one in found.validated_data]
    return written_at(meeting_id, told, user)


def _account(request: Request) -> User:
    user = request.user
    if not isinstance(user, User):  # who is no account holds no permission
        raise Http404
    return user


def _item(told: dict[str, Any]) -> Item:
    tap = Tap(told["client_id"], told["participant"], told["status"], told["base_version"])
    return Item(tap, told.get("act"))


def _evening(
    meeting: Meeting, user: User, now: datetime, opens_at: datetime
) -> tuple[dict[str, Any], list[UUID]]:
    """And the stays whose emergency contact goes with it."""
    rows = [
        row for row in rows_of(meeting, user).values() if row.trial is not None or row.is_recorded
    ]
    rows.sort(key=lambda row: (in_order(row.name), row.trajectory_id))
    numbers = who_to_ring(meeting, rows, user)
    evening = {
        "who": mark_of(user),
        "meeting": meeting.pk,
        "group": meeting.group.name,
        "starts_at": meeting.starts_at,
        "now": now,
        "opens_at": opens_at,
        "until": sheet_open_until(meeting.date),
        "seal": key_of(user, meeting),
        "rows": [
            {
                "participant": row.trajectory_id,
                "name": row.name,
                "status": row.state,
                "version": row.version,
                "proposed": row.told and not row.is_recorded,
            }
            for row in rows
        ],
        "numbers": [asdict(one) for one in numbers],
    }
    return evening, [one.stay for one in numbers if one.stay]
