"""Two tabs of one browser, each about its own person: what is pressed is done there (R-338)."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from core import clock
from core.ages import birthday
from core.link_pages import MOST
from participants.models import ParentalConsent, Recusal, Trajectory
from participants.parents import question as parental
from participants.person import door_code
from questionnaires.cycle import mail_buttons
from questionnaires.models import Invitation
from tests import world
from tests.participants.parents.build import asked, child
from tests.questionnaires.build import make_invitation

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.req("R-338"),
    pytest.mark.parametrize(
        "javascript",
        [
            pytest.param(True, id="with JavaScript"),
            pytest.param(False, id="without", marks=pytest.mark.deep),
        ],
    ),
]


def links(*names: str) -> list[str]:
    """A question about each of these children, all to one mailbox."""
    return [
        f"/ouders/l/{asked(child(call_name=name), email='inge@example.org')[1]}/" for name in names
    ]


def tabs(page_at: Any, addresses: list[str], javascript: bool) -> list[Any]:
    """One browser, a tab for each address, opened one after the other."""
    first = page_at(390, 844, java_script_enabled=javascript)
    opened = [first, *(first.context.new_page() for _more in addresses[1:])]
    for tab, address in zip(opened, addresses, strict=True):
        tab.goto(address)
    return opened


def row_of(name: str) -> ParentalConsent:
    return ParentalConsent.objects.get(trajectory__participant__call_name=name)


def say(tab: Any, way: str) -> None:
    """As a parent does it, until the thank-you stands there."""
    if way in ("yes", "research"):
        tab.check("#id_yes")
        if way == "research":
            tab.check("#id_research")
        tab.locator("main form button").first.click()
        tab.wait_for_url("**/ouders/klaar/ja/**")
    elif way == "no":
        tab.locator("main a[href*='stap=nee']").click()
        tab.check("#id_parent")
        tab.locator("main form button").first.click()
        tab.wait_for_url("**/ouders/klaar/nee/**")
    elif way == "question":
        tab.locator("main a[href*='stap=vraag']").click()
        tab.fill("[name=question]", "Wie zijn jullie?")
        tab.locator("main form button").first.click()
        tab.wait_for_url("**/ouders/klaar/vraag/**")
    else:
        tab.check("#id_sure")
        tab.locator("main form button[value=all]").click()
        tab.wait_for_url("**/ouders/klaar/ingetrokken/**")


ORDERS = [("yes", "no"), ("no", "research"), ("question", "yes"), ("research", "question")]


@pytest.mark.parametrize(("first", "second"), ORDERS)
@pytest.mark.parametrize("last_first", [False, True], ids=["in order", "last tab first"])
def test_a_parent_answers_about_two_children(
    page_at: Any, javascript: bool, first: str, second: str, last_first: bool
) -> None:
    pages = tabs(page_at, links("Vince", "Wout"), javascript)
    expect(pages[0].locator("h1")).to_contain_text("Vince")
    expect(pages[1].locator("h1")).to_contain_text("Wout")
    ways = list(zip(pages, (first, second), strict=True))
    for tab, way in reversed(ways) if last_first else ways:
        say(tab, way)
    for name, way in (("Vince", first), ("Wout", second)):
        row = row_of(name)
        assert row.answer == {"question": "", "research": "yes"}.get(way, way)
        assert (bool(row.research_yes_at), bool(row.question)) == (
            way == "research",
            way == "question",
        )


def test_a_parent_takes_back_the_one_and_answers_about_the_other(
    page_at: Any, javascript: bool
) -> None:
    row, _token, _ = asked(child(call_name="Amir"))
    parental.answer_request(consent=row, answer="yes")
    back = f"/ouders/i/{parental.issue_link(row, 'withdraw')}/"
    pages = tabs(page_at, [back, *links("Ziva")], javascript)
    say(pages[0], "back")
    expect(pages[1].locator("h1")).to_contain_text("Ziva")
    say(pages[1], "yes")
    assert row_of("Amir").withdrawn_at is not None
    assert (row_of("Ziva").answer, row_of("Ziva").withdrawn_at) == ("yes", None)


def test_two_guardians_at_one_computer(page_at: Any, javascript: bool) -> None:
    stay = child(call_name="Noor")
    _row, mothers, mother = asked(stay, name="Inge Visser")
    father = world.make_guardian(stay, name="Henk de Boer", email="henk@example.org")
    _row, fathers = parental.release_request(
        guardian=father, trajectory=stay, by=world.make_worker(stay.group)
    )
    pages = tabs(page_at, [f"/ouders/l/{mothers}/", f"/ouders/l/{fathers}/"], javascript)
    say(pages[0], "no")
    said = dict(ParentalConsent.objects.values_list("guardian", "answer"))
    assert said == {mother.pk: "no", father.pk: ""}


def test_reload_and_back_keep_each_tab_with_its_own_child(page_at: Any, javascript: bool) -> None:
    pages = tabs(page_at, links("Vince", "Wout"), javascript)
    pages[0].reload()
    expect(pages[0].locator("h1")).to_contain_text("Vince")
    pages[0].locator("main a[href*='stap=nee']").click()
    pages[0].wait_for_url("**stap=nee**")
    expect(pages[0].locator("h1")).to_contain_text("Vince")
    pages[0].go_back()
    pages[0].locator("#id_yes").wait_for()
    expect(pages[0].locator("h1")).to_contain_text("Vince")
    say(pages[1], "no")
    pages[1].go_back()
    expect(pages[1].locator("h1")).to_contain_text("Deze link werkt niet")
    pages[0].reload()
    say(pages[0], "yes")
    assert (row_of("Vince").answer, row_of("Wout").answer) == ("yes", "no")


def test_so_many_links_that_the_first_is_forgotten(page_at: Any, javascript: bool) -> None:
    names = [f"Kind{number}" for number in range(MOST + 1)]
    pages = tabs(page_at, links(*names), javascript)
    pages[0].check("#id_yes")
    pages[0].locator("main form button").first.click()
    expect(pages[0].locator("h1")).to_contain_text("Deze link werkt niet")
    say(pages[1], "no")
    said = {name: row_of(name).answer for name in names}
    assert {name for name, answer in said.items() if answer} == {"Kind1"}


def test_this_is_me_in_the_tab_of_the_first_signs_in_the_first(
    page_at: Any, javascript: bool
) -> None:
    stays = [
        world.make_trajectory(group=world.make_group(), call_name=name, email="")
        for name in ("Jordan", "Noor")
    ]
    codes = [
        door_code.hand_code(trajectory=stay, by=world.make_worker(stay.group)).token
        for stay in stays
    ]
    pages = tabs(page_at, [f"/inloggen/q/{code}/" for code in codes], javascript)
    expect(pages[0].locator("h1")).to_contain_text("Jordan")
    expect(pages[1].locator("h1")).to_contain_text("Noor")
    pages[0].get_by_role("button", name="Ja, dit ben ik").click()
    pages[0].wait_for_url("**/vandaag/")
    expect(pages[0].locator("h1")).to_contain_text("Jordan")
    own = pages[1].url
    with pages[1].expect_navigation():  # refused: signing in made every open form an old one
        pages[1].get_by_role("button", name="Ja, dit ben ik").click()
    pages[1].goto(own)
    expect(pages[1].locator("main")).to_contain_text("Je bent ingelogd als Jordan")


def signs_up(page: Any, name: str, years: int) -> None:
    born = birthday(clock.today(), -years)
    page.goto("/aanmelden/")
    page.fill("[name=call_name]", name)
    for part in ("day", "month", "year"):
        page.fill(f'[name="birth_date_{part}"]', str(getattr(born, part)))
    page.fill("[name=postcode]", "3511 AB")
    page.check("[name=channel][value=email]")
    page.fill("[name=email]", f"{name.lower()}@example.org")
    for field in ("others_read", "home_may_know", "first_contact_by"):
        page.locator(f"[name={field}]").first.check()
    page.check("[name=myself]")
    page.locator("form.form button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/aangemeld/[0-9a-f]{24}/"))


def test_the_thank_you_pages_of_a_sister_and_a_brother(page_at: Any, javascript: bool) -> None:
    home = world.make_municipality("Voorbeeldstad", pc4="3511")
    group = world.make_group(municipality=home)
    anouk = world.make_worker(group, "Anouk Vos")
    world.make_worker(group, "Daan Smit")
    sister = page_at(390, 844, java_script_enabled=javascript)
    brother = sister.context.new_page()
    signs_up(sister, "Aya", 14)
    signs_up(brother, "Bram", 15)
    sister.locator("details:has([name=who]) summary").click()
    sister.get_by_role("button", name="Ik ken Anouk").click()
    expect(sister.locator("main")).to_contain_text("Anouk leest niets over jou")
    expect(sister.locator("main")).to_contain_text("Aya, je aanmelding")
    with brother.expect_navigation():
        brother.get_by_role("button", name=re.compile("Anouk")).first.click()
    expect(brother.locator("main")).to_contain_text("Bram, je aanmelding")
    aya, bram = (Trajectory.objects.get(participant__call_name=name) for name in ("Aya", "Bram"))
    assert [row.participant for row in Recusal.objects.all()] == [aya.participant]
    assert (aya.first_contact_with, bram.first_contact_with) == (None, anouk)


def test_two_buttons_of_two_mails_in_one_mailbox(page_at: Any, javascript: bool) -> None:
    waves = [
        make_invitation(world.make_trajectory(group=world.make_group(), call_name=name))
        for name in ("Aya", "Bram")
    ]
    addresses = [urlsplit(mail_buttons.links(wave)["rather_not_url"]).path for wave in waves]
    pages = tabs(page_at, addresses, javascript)
    expect(pages[0].locator("h1")).to_contain_text("Aya")
    pages[0].get_by_role("button", name="Ja, geen berichten meer hierover").click()
    expect(pages[0].locator("h1")).to_contain_text(re.compile("hierover, Aya$"))
    alone = Invitation.objects.filter(left_alone_on__isnull=False)
    assert [wave.trajectory.participant.call_name for wave in alone] == ["Aya"]
