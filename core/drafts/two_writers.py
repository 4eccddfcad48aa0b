"""A colleague saved this form in between: both keep their words, and what clashes is asked.

Used by every whole-form save: the base is what the form held when its page was made (R-340).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.drafts import filling, keeping
from core.drafts.merging import merge
from core.drafts.tickets import posted_with
from core.locks import take_turns

V = TypeVar("V", bound=Callable[..., HttpResponse])


def in_turn(view: V) -> V:
    """Two presses of one form at one moment: the second reads what the first saved, and merges.

    Around the whole view, so that nothing is read before its turn. Forms of another subject, and
    the own page of another person, never wait.
    """

    @wraps(view)
    def wait(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ticket = posted_with(request) if request.method == "POST" else None
        if ticket is None:
            return view(request, *args, **kwargs)
        with transaction.atomic():
            take_turns(f"{ticket.form} {ticket.subject or request.user.pk}")
            return view(request, *args, **kwargs)

    return cast(V, wait)


def together(request: HttpRequest, form: Any, stands: forms.BaseForm) -> bool:
    """Take over what only the colleague touched. False: both touched something, and it is shown.

    `form` came in and is valid; `stands` is the same form with what is saved now. The second press
    is a choice made with open eyes: it counts from what stands now.
    """
    ticket = posted_with(request)
    if ticket is None:
        return True
    now = filling.as_posted(stands)
    base = {name: ticket.base[name] for name in now if name in ticket.base}
    typed = {name: request.POST.getlist(name) for name in request.POST}
    mine = filling.by_field(form, typed)
    merged = merge(filling.by_field(form, base), mine, filling.by_field(form, now))
    taken = {name for name in mine if merged.values[name] != mine[name]}
    if taken:
        data = request.POST.copy()
        for name in taken:
            for sent, values in merged.values[name].items():
                data.setlist(sent, values)
        form.data = data
        form._bound_fields_cache.clear()
        form.full_clean()
    if not merged.both:
        return bool(form.is_valid())
    user = request.user
    who = keeping.saved_by_another(ticket=ticket, user=user) if isinstance(user, User) else ""
    for name, told in merged.both.items():
        if name not in form.cleaned_data and name in form.errors:
            continue
        theirs = filling.shown(form[name], told)
        form.fields[name].beside = {"who": who, "text": theirs, "sent": json.dumps(told)}
        form.add_error(
            name,
            _("%(who)s wrote something else here meanwhile. Choose what stays and save again.")
            % {"who": who}
            if who
            else _("Something else was saved here meanwhile. Choose what stays and save again."),
        )
    request.draft_base = {**ticket.base, **now}  # type: ignore[attr-defined]
    return False
