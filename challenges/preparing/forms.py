"""One form for everybody: beside each person a role in words, and support forms to tick."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from challenges.models import SupportForm
from challenges.preparing.page import Person, Plan
from challenges.preparing.words import Wanted

#: A few sentences: so the sheet of paper stays one.
LONGEST = 300


class PlanForm(forms.Form):
    """Nothing in it is ever required, and nothing is ticked beforehand."""

    def __init__(self, plan: Plan, data: Any = None) -> None:
        super().__init__(data, auto_id="with-%s", initial=_initial(plan))
        self.plan = plan
        for one in plan.writable:
            self.fields[f"role_{one.stay}"] = _role(one)
            self.fields[f"planned_{one.stay}"] = _planned(one, plan.forms)
            if len(one.challenges) > 1:
                self.fields[f"about_{one.stay}"] = _about(one)
        if plan.activity is not None and plan.writable:
            self.fields["organisers"] = forms.MultipleChoiceField(
                label=_("Who organises it?"),
                choices=[(str(one.stay), one.name) for one in plan.writable],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def wanted(self) -> dict[UUID, Wanted]:
        return {one.stay: self._of(one) for one in self.plan.writable}

    @property
    def arranged_by(self) -> tuple[set[UUID], set[UUID]]:
        """Who was ticked, of whom it was asked."""
        ticked = {UUID(one) for one in self.cleaned_data.get("organisers", [])}
        return ticked, {one.stay for one in self.plan.writable}

    def _of(self, one: Person) -> Wanted:
        told = self.cleaned_data
        role, planned = told[f"role_{one.stay}"], frozenset(told[f"planned_{one.stay}"])
        was = one.prepared.challenge_id if one.prepared else None
        about = told.get(f"about_{one.stay}") or ""
        if about:
            was = UUID(about)
        elif was is None and len(one.challenges) == 1 and (role or planned):
            was = one.challenges[0].pk
        return Wanted(role, was, planned)


def _initial(plan: Plan) -> dict[str, Any]:
    found: dict[str, Any] = {
        "organisers": [str(one.stay) for one in plan.writable if one.organises]
    }
    for one in plan.writable:
        found[f"role_{one.stay}"] = one.role
        found[f"planned_{one.stay}"] = [form.pk for form in one.planned]
        about = one.prepared.challenge_id if one.prepared else None
        found[f"about_{one.stay}"] = str(about) if about else ""
    return found


def _role(one: Person) -> forms.CharField:
    return forms.CharField(
        label=_("What do you ask of {name}?").format(name=one.name),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(
            attrs={"rows": 2, "placeholder": _("For instance: leads the talk about the rules")}
        ),
    )


def _planned(one: Person, offered: list[SupportForm]) -> forms.MultipleChoiceField:
    """What was retired since can stay ticked, and is offered to nobody else."""
    forms_ = {form.pk: str(form) for form in [*one.suggested, *offered, *one.planned]}
    return forms.MultipleChoiceField(
        label=_("How do you support {name}?").format(name=one.name),
        required=False,
        choices=list(forms_.items()),
        widget=forms.CheckboxSelectMultiple,
    )


def _about(one: Person) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("About which challenge is this?"),
        required=False,
        choices=[("", _("no one in particular")), *((str(c.pk), c.text) for c in one.challenges)],
    )
