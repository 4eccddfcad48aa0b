"""The cards of the logbook as forms: nothing in them is ever required."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from core.cleaning import LONGEST_TEXT
from groups.logbook.parts import CARDS, CONDITIONS
from groups.logbook.talks import Said
from groups.models import LogbookPart, Talk


class CardForm(forms.Form):
    """One card: its parts by their kind; and of `people`, whom it is about (`about`) or who thought
    up and arranged the activity (`organisers`), where that is asked."""

    def __init__(
        self,
        card: str,
        data: Any = None,
        *,
        people: Iterable[tuple[UUID, str]] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(data, auto_id=f"{card}-%s", **more)
        for kind in CARDS[card]:
            self.fields[str(kind)] = _condition(kind) if kind in CONDITIONS else _words(kind)
        asked = {"incident": ("about", _("Whom is it about?"))}
        asked["activity"] = ("organisers", _("Who organised it?"))
        self.people = [stay for stay, _name in people or ()]
        if people is not None and card in asked:
            name, label = asked[card]
            self.fields[name] = forms.MultipleChoiceField(
                label=label,
                choices=[(str(stay), name) for stay, name in people],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def said(self) -> dict[LogbookPart.Kind, str]:
        kinds = (LogbookPart.Kind(n) for n in self.fields if n in LogbookPart.Kind.values)
        return {kind: self.cleaned_data[kind] for kind in kinds}

    @property
    def about(self) -> list[UUID]:
        return [UUID(one) for one in self.cleaned_data.get("about", [])]

    @property
    def arranged_by(self) -> tuple[set[UUID], set[UUID]]:
        """Who was ticked, of whom it was asked."""
        return {UUID(one) for one in self.cleaned_data["organisers"]}, set(self.people)


class TalksForm(forms.Form):
    """A sentence for each person, how and when; the people are those of the sheet."""

    def __init__(self, people: Iterable[tuple[UUID, str]], data: Any = None, **more: Any) -> None:
        super().__init__(data, auto_id="talks-%s", **more)
        self.people = list(people)
        for stay, name in self.people:
            self.fields[f"said_{stay}"] = forms.CharField(
                label=_("What was it about? {name}").format(name=name),
                required=False,
                max_length=LONGEST_TEXT,
                widget=forms.Textarea(
                    attrs={"rows": 1, "placeholder": _("One sentence is enough")}
                ),
            )
            self.fields[f"setting_{stay}"] = _option(_("How?"), Talk.Setting.choices)
            self.fields[f"moment_{stay}"] = _option(_("When?"), Talk.Moment.choices)

    @property
    def said(self) -> dict[UUID, Said]:
        told = self.cleaned_data
        return {
            stay: Said(told[f"said_{stay}"], told[f"setting_{stay}"], told[f"moment_{stay}"])
            for stay, _name in self.people
        }


def as_initial(talks: Mapping[UUID, Talk]) -> dict[str, str]:
    """The own talks as the form holds them."""
    return {
        name: value
        for stay, talk in talks.items()
        for name, value in (
            (f"said_{stay}", talk.text),
            (f"setting_{stay}", talk.setting),
            (f"moment_{stay}", talk.moment),
        )
    }


def _words(kind: LogbookPart.Kind) -> forms.CharField:
    return forms.CharField(
        label=kind.label,
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _condition(kind: LogbookPart.Kind) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=kind.label,
        required=False,
        choices=LogbookPart.State.choices,
        widget=forms.RadioSelect,
    )


def _option(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=choices, widget=forms.RadioSelect)
