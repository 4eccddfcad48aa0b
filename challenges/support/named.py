"""The named list of support forms: what is offered, what fits a mechanism, and who changes it.

The printed ones stand in the data (R-173); the full list is in the manual, so the foundation adds,
rewords and retires. What is retired is offered nowhere and stays where it was used.
"""

from collections.abc import Collection, Iterable, Sequence

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from challenges.models import Mechanism, SupportForm
from challenges.permissions import MANAGE_SUPPORT_FORMS
from core import clock
from core.accounts.models import User
from core.accounts.rights import may
from core.cleaning import one_line
from core.errors import NotYours, RuleBroken

#: The steps of support, from intensive to light, as the example of Casey has them (R-174).
INTENSIVE, BETWEEN, LIGHT = STEPS = (1, 2, 3)


def in_order_of_intensity(forms: Iterable[SupportForm]) -> list[SupportForm]:
    """From intensive to light; those without a step after them, in the order of the list."""
    return sorted(forms, key=lambda one: (one.intensity or LIGHT + 1, one.order, one.key))


def suggested(mechanisms: Collection[str], forms: Iterable[SupportForm]) -> list[SupportForm]:
    """What is printed to fit these mechanisms (R-177): words to choose from, never a choice."""
    fitting = (one for one in forms if one.suits and one.suits in mechanisms)
    return in_order_of_intensity(fitting)


def offered() -> list[SupportForm]:
    return in_order_of_intensity(SupportForm.objects.offered())


def listed() -> Sequence[SupportForm]:
    """All of them, what was retired last."""
    return list(SupportForm.objects.order_by(F("retired_at").asc(nulls_first=True), "order"))


@transaction.atomic
def add_form(
    *, name: str, text: str, by: User, suits: str = "", intensity: int | None = None
) -> SupportForm:
    """One more form, at the end of the list; the same words twice are one form.

    Raises NotYours("not_yours"); RuleBroken: name_needed, name_taken.
    """
    _require_manager(by)
    name = _named_in_a_line(name)
    if (standing := _named(name)) is not None:
        if standing.added_by_id == by.pk and standing.text_nl == text and not standing.retired_at:
            return standing
        raise _taken(standing)
    last = SupportForm.objects.aggregate(last=Max("order"))["last"] or 0
    key = slugify(name)[:40].strip("-") or f"form-{last + 1}"
    try:
        with transaction.atomic():
            return SupportForm.objects.create(
                key=key,
                name_nl=name,
                name_en=name,
                text_nl=text,
                suits=_mechanism(suits),
                intensity=_step(intensity),
                order=last + 1,
                added_by=by,
                reworded_at=clock.now(),
            )
    except IntegrityError as error:  # at the same moment, or a name that is spelt alike
        raise RuleBroken(_("There is a form with such a name."), "name_taken", "name") from error


@transaction.atomic
def reword_form(
    *, form: SupportForm, name: str, text: str, by: User, suits: str = "", intensity: int | None
) -> SupportForm:
    """Other words; where it was used it then reads so as well. Loading the data leaves it alone.

    Raises NotYours("not_yours"); RuleBroken: name_needed, name_taken.
    """
    _require_manager(by)
    name = _named_in_a_line(name)
    standing = _named(name)
    if standing is not None and standing.pk != form.pk:
        raise _taken(standing)
    if form.name_nl != name:
        form.name_nl = form.name_en = name
    form.text_nl = text
    form.suits, form.intensity = _mechanism(suits), _step(intensity)
    form.reworded_at = clock.now()
    form.save()
    return form


@transaction.atomic
def retire_form(*, form: SupportForm, by: User) -> SupportForm:
    """Offered no more; where it was used or planned it stays. Twice is once.

    Raises NotYours("not_yours").
    """
    _require_manager(by)
    if form.retired_at is None:
        form.retired_at = clock.now()
        form.save(update_fields=["retired_at"])
    return form


@transaction.atomic
def offer_again(*, form: SupportForm, by: User) -> SupportForm:
    """Retiring taken back. Raises NotYours("not_yours")."""
    _require_manager(by)
    if form.retired_at is not None:
        form.retired_at = None
        form.save(update_fields=["retired_at"])
    return form


def _require_manager(by: User) -> None:
    if not may(by, MANAGE_SUPPORT_FORMS):
        raise NotYours(_("The foundation keeps this list."), "not_yours")


def _named_in_a_line(typed: str) -> str:
    name = one_line(typed)
    if not name:
        raise RuleBroken(_("Give this form a name."), "name_needed", "name")
    return name


def _mechanism(told: str) -> str:
    return told if told in Mechanism.values else ""


def _step(told: int | None) -> int | None:
    return told if told in STEPS else None


def _named(name: str) -> SupportForm | None:
    return SupportForm.objects.filter(name_nl__iexact=name).first()


def _taken(standing: SupportForm) -> RuleBroken:
    words = _("There is a form with this name.")
    if standing.retired_at is not None:
        words = _("There is a form with this name; it is not used any more. Offer it again there.")
    return RuleBroken(words, "name_taken", "name")
