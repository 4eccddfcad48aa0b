"""The living style page: every component in every state, with made-up people.

Shown in development and to staff; anyone else gets the same 404 as for a page that is not there.
The samples under `/style/<name>/` are the drawings the design started from, made of components.
"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.fields import NameField, parts_field
from joinus.home.navigation import IN_GROUP, STAFF, Entry, Item

SAMPLES = (
    "participant",
    "question",
    "evening",
    "worker",
    "coordinator",
    "parent",
    "start",
)

STRIP = [
    "present",
    "present",
    "absent_with_notice",
    "present",
    "absent_without_notice",
    "cancelled",
]


class SampleForm(forms.Form):
    """One field of each kind."""

    name = NameField(label="Roepnaam", max_length=40, help_text="Zo noemen we je in de groep.")
    born = parts_field(label="Geboortedatum", birthday=True)
    place = forms.CharField(label="Postcode", help_text="Bijvoorbeeld 6811 AB", max_length=7)
    contact = forms.ChoiceField(
        label="Hoe mogen we je bereiken?",
        choices=[("mail", "Mail"), ("app", "Bericht op mijn telefoon"), ("call", "Bellen")],
        widget=forms.RadioSelect,
    )
    days = forms.MultipleChoiceField(
        label="Wanneer kun je?",
        choices=[("mo", "Maandag"), ("tu", "Dinsdag"), ("we", "Woensdag")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    who = forms.ChoiceField(
        label="Wie belt?", choices=[("", "Kies"), ("f", "Fleur"), ("d", "Daan")]
    )
    remark = forms.CharField(label="Wil je nog iets zeggen?", widget=forms.Textarea, required=False)
    agree = forms.BooleanField(label="Ik heb gelezen wat jullie bewaren.")


def _items(entries: tuple[Entry, ...], counts: dict[int, int]) -> list[Item]:
    return [
        Item(e.label, "#content", e.icon, current=number == 0, count=counts.get(number, 0))
        for number, e in enumerate(entries)
    ]


def _may_look(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    if settings.DEBUG:
        return True
    return bool(user and user.is_authenticated and not user.is_participant)


@login_not_required
@require_safe
def style(request: HttpRequest, sample: str = "") -> HttpResponse:
    """The style page, or one sample page of `SAMPLES`."""
    if not _may_look(request) or (sample and sample not in SAMPLES):
        raise Http404
    young = sample in ("participant", "question")
    sheet = [
        SimpleNamespace(name=name, state=state)
        for name, state in (
            ("Amir", "present"),
            ("Casey", "present"),
            ("Ilse", "absent_with_notice"),
            ("Jordan", "present"),
            ("Layla", "absent_without_notice"),
            ("Noor", "present"),
            ("Riley", "not_recorded"),
            ("Sam", "present"),
        )
    ]
    group = [
        SimpleNamespace(name="Amir", strip=STRIP[:4], doing="Ik neem initiatief", talk="13 nov"),
        SimpleNamespace(name="Casey", strip=STRIP, doing="Ik stel een vraag", talk="13 nov"),
        SimpleNamespace(name="Jordan", strip=STRIP[::-1], doing="Ik overleg", talk="30 okt"),
        SimpleNamespace(name="Layla", strip=[], doing="Ik probeer iets nieuws", talk=""),
    ]
    wrong = SampleForm({"name": "", "born_day": "31", "born_month": "2", "born_year": "2009"})
    context = {
        "samples": SAMPLES,
        "sample": sample,
        "form": SampleForm(auto_id="good_%s") if not sample else None,
        "wrong": wrong,
        "sheet": sheet,
        "group": group,
        "strip": STRIP,
        "day": date(2026, 11, 27),
        "page": Paginator(range(70), 10).get_page(3),
        "crumbs": [("Groepen", "#"), ("Groep 12-16", "#"), ("Casey", "")],
        "nav": _items(IN_GROUP, {}) if young else _items(STAFF, {3: 2}),
        "account": {"name": "Noor" if young else "Fleur", "url": "#content"},
    }
    return render(request, f"style/{sample or 'index'}.html", context)
