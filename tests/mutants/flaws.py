"""The ten flaws of trust.md 21: how each would look here, and the tests that turn red."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Change:
    """`old` stands once in the file `path` and becomes `new`."""

    path: str
    old: str
    new: str


@dataclass(frozen=True)
class Flaw:
    """Without `changes` there is nothing here yet that could have it: `no_surface` says why."""

    name: str
    changes: tuple[Change, ...] = ()
    tests: tuple[str, ...] = field(default=())
    no_surface: str = ""


FLAWS: tuple[Flaw, ...] = (
    Flaw(
        "unscoped query",
        (
            Change(
                "participants/rights/views/requests.py",
                "DataRequest.objects.visible_to(user).select_related(",
                "DataRequest.objects.select_related(",
            ),
        ),
        (
            "tests/access/test_access.py"
            "::test_everybody_gets_the_written_answer_at_every_address[worker_elsewhere]",
        ),
    ),
    Flaw(
        "GET consent",
        (
            Change(
                "participants/parents/views/answer.py",
                '        step = STEPS.get(request.GET.get("stap", ""), "yes")\n',
                '        if request.GET.get("yes"):\n'
                "            text, _research = parental.texts_in(language)\n"
                "            parental.answer_request(\n"
                '                consent=row, answer="yes", language=language, text=text\n'
                "            )\n"
                '        step = STEPS.get(request.GET.get("stap", ""), "yes")\n',
            ),
        ),
        (
            "tests/participants/parents/test_link.py"
            "::test_reading_prefetching_and_scanning_change_nothing",
        ),
    ),
    Flaw(
        "missing CSRF",
        (
            Change(
                "participants/recusal/views.py",
                "    recusal.let_in(recusal=row, by=request.user)\n"
                '    messages.success(request, _("Kept."))\n'
                '    return redirect("participants:recusals")\n',
                "    recusal.let_in(recusal=row, by=request.user)\n"
                '    messages.success(request, _("Kept."))\n'
                '    return redirect("participants:recusals")\n'
                "\n\nlet_in.csrf_exempt = True\n",
            ),
        ),
        ("tests/access/test_access.py::test_every_address_refuses_a_form_without_a_token",),
    ),
    Flaw(
        "missing CSRF behind a mailed link",
        (
            Change(
                "core/link_pages.py",
                "_csrf_by_token = decorator_from_middleware(TokenOnly)\n",
                "_csrf_by_token = lambda view: view\n",
            ),
        ),
        (
            "tests/participants/parents/test_browser.py"
            "::test_a_forged_post_from_elsewhere_answers_nothing",
        ),
    ),
    Flaw(
        "raw SQL",
        (
            Change(
                "core/organisations/places.py",
                "    names = list(\n        Municipality.objects.values_list(",
                "    Municipality.objects.raw(\n"
                "        f\"select * from organisations_municipality where name = '{query}'\"\n"
                "    )\n"
                "    names = list(\n        Municipality.objects.values_list(",
            ),
        ),
        ("tests/house/test_guards.py::test_nobody_writes_sql_by_hand",),
    ),
    Flaw(
        "|safe on input",
        (
            Change(
                "templates/participants/_decided.html",
                "{{ intake.decision_reason|linebreaksbr }}",
                "{{ intake.decision_reason|safe }}",
            ),
        ),
        ("tests/house/test_guards.py::test_every_template_escapes_what_people_typed",),
    ),
    Flaw(
        "PDF fetch",
        (
            Change(
                "core/pdf.py",
                'OnlyData(allowed_protocols=["data"], allow_redirects=False)',
                "URLFetcher()",
            ),
        ),
        ("tests/core/test_pdf.py::test_nothing_but_data_is_fetched",),
    ),
    Flaw(
        "mass assignment",
        (
            Change(
                "participants/person/details.py",
                "    unknown = set(changes) - set(CHANGEABLE)\n",
                "    unknown = set()\n",
            ),
            Change(
                "participants/person/views/details.py",
                "        given = form.cleaned_data\n",
                "        given = form.cleaned_data\n"
                "        typed = request.POST.items()\n"
                "        form.cleaned_data |= {k: v for k, v in typed if hasattr(person, k)}\n",
            ),
        ),
        (
            "tests/participants/consent/test_agreements.py"
            "::test_what_is_not_on_the_form_of_own_details_is_not_written",
        ),
    ),
    Flaw(
        "formula in CSV",
        no_surface=(
            "Nothing makes a table for a spreadsheet; tests/house/test_guards.py turns red "
            "when something does."
        ),
    ),
    Flaw(
        "open redirect",
        (
            Change(
                "core/accounts/adapter.py",
                "    def is_open_for_signup(self",
                "    def is_safe_url(self, url: str | None) -> bool:\n"
                "        return True\n\n"
                "    def is_open_for_signup(self",
            ),
        ),
        ("tests/core/test_signin.py::test_next_never_leads_outside",),
    ),
    Flaw(
        "unscoped export",
        (
            Change(
                "participants/rights/views/requests.py",
                "replace(person_of(participant), trajectory_ids=(row.trajectory_id,))",
                "replace(person_of(participant))",
            ),
        ),
        (
            "tests/participants/rights/test_requests.py"
            "::test_each_group_gives_what_belongs_to_the_own_stay",
        ),
    ),
)
