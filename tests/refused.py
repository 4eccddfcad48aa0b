"""The error state of every form: sent empty, or with something wrong in it where empty is fine.

`make screens` photographs it beside the page (`<page>--error.png`, `--error-2.png` for its second
form). A form that takes what is sent here is a flaw of the run: it changes the demo, so it belongs
in `EMPTY_IS_FINE`, or with its reason in `CANNOT_FAIL`.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.walk import OVERFLOW, SMALL, english

#: Pages (as the walk names their kind) whose form may be sent empty. It gets something wrong
#: instead: too long, a day that does not exist, an answer that is not among the answers.
EMPTY_IS_FINE = {
    "/pauze/",
    "/stoppen/",
    "/bekenden/",
    "/wat-we-weten/vraag/inzien/",
    "/wat-we-weten/vraag/wissen/",
    "/samen-besloten/*/",
    "/groep/bericht/*/melden/",
    "/groepen/*/groepsapp/",
    "/vragen/*/*/",
    "/ideeen/*/te-duur/",
    "/ideeen/*/vragen/",
}
#: No link leads to these; the walk of somebody who is not signed in begins there too.
ALSO_FOR_ANYONE = ("/aanmelden/",)

FORMS = """() => {
  for (const fold of document.querySelectorAll('details:has(form)')) fold.open = true;
  const typed = field => !['hidden', 'submit', 'button'].includes(field.type);
  return [...document.forms].flatMap((form, n) => form.method === 'post'
    && form.getClientRects().length && !form.matches('[role=search], .languages')
    && [...form.elements].some(e => e.matches('input, select, textarea') && typed(e)) ? [n] : []);
}"""
SEND = """([n, wrong]) => {
  for (const fold of document.querySelectorAll('details:has(form)')) fold.open = true;
  const form = document.forms[n];
  form.noValidate = true;
  for (const field of form.elements) {
    if (field.type === 'hidden' || !field.matches('input, select, textarea')) continue;
    field.removeAttribute('maxlength');
    if (field.type === 'radio' || field.type === 'checkbox') field.checked = false;
    else if (field.matches('select') && wrong) {
      field.add(new Option('niets van dit alles', 'niets van dit alles', true, true));
    } else if (field.matches('select')) field.selectedIndex = 0;
    else if (!wrong || field.type === 'file') field.value = '';
    else if (/_day$/.test(field.name)) field.value = '31';
    else if (/_month$/.test(field.name)) field.value = '2';
    else if (/_year$/.test(field.name)) field.value = '2026';
    else {
      field.type = field.matches('input') ? 'text' : field.type;
      field.value = 'geen antwoord '.repeat(2000);
    }
  }
  const named = {};
  for (const radio of form.querySelectorAll('[type=radio]')) named[radio.name] ??= radio;
  for (const first of wrong ? Object.values(named) : []) {
    first.value = 'niets van dit alles';
    first.checked = true;
  }
  form.requestSubmit(form.querySelector('button:not([type=button])'));
}"""
#: What nobody should have to see in a form that was refused.
SEEN = """() => {
  const flaws = [], shown = e => e.getClientRects().length > 0;
  const twice = list => list.filter((text, n) => list.indexOf(text) !== n);
  const summaries = [...document.querySelectorAll('[data-error-summary]')].filter(shown);
  if (summaries.length !== 1) flaws.push(`${summaries.length} summaries of what is wrong`);
  for (const summary of summaries) {
    if (!summary.contains(document.activeElement)) flaws.push('the summary has no focus');
    for (const text of twice([...summary.querySelectorAll('li')].map(e => e.innerText)))
      flaws.push('said twice: ' + text);
    let before = null;
    for (const link of summary.querySelectorAll('a')) {
      const to = document.getElementById(link.getAttribute('href').slice(1));
      if (!to || !shown(to)) flaws.push('leads nowhere: ' + link.outerHTML.slice(0, 90));
      else if (!to.closest('.field, .choices-group, fieldset')?.querySelector('.field__error'))
        flaws.push('nothing said at the field: ' + link.outerHTML.slice(0, 90));
      if (to && before && before.compareDocumentPosition(to) & Node.DOCUMENT_POSITION_PRECEDING)
        flaws.push('another order than the form: ' + link.innerText);
      before = to || before;
    }
  }
  for (const error of document.querySelectorAll('.field__error')) {
    const asked = error.closest('.field')?.querySelector('label, legend')?.innerText.trim();
    if (asked && error.innerText.trim().endsWith(asked)) flaws.push('only asks again: ' + asked);
    if (!shown(error)) flaws.push('hidden: ' + error.innerText.slice(0, 60));
    if (error.querySelectorAll('li').length > 1) flaws.push('two things: ' + error.innerText);
  }
  return flaws;
}"""


def refuse(page: Any, kind: str, *, look: Callable[[str], None]) -> list[str]:
    """Send each form of this page so that it is refused; `look("--error")`. Returns the flaws."""
    here, flaws, wrong = page.url, [], kind in EMPTY_IS_FINE
    for place, form in enumerate(page.evaluate(FORMS)):
        if place:
            page.goto(here)
        with page.expect_navigation() as sent:
            page.evaluate(SEND, [form, wrong])
        if page.locator("[data-error-summary], .field__error").count() == 0:
            flaws.append(f"form {place + 1} is taken, or refused without a word: {page.url}")
            continue
        if sent.value.status >= 500:
            flaws.append(f"form {place + 1} answers {sent.value.status}")
        flaws += page.evaluate(SEEN) + page.evaluate(SMALL) + english(page)
        if wide := page.evaluate(OVERFLOW):
            flaws.append(wide)
        page.evaluate("scrollTo(0, 0)")
        look("--error" if place == 0 else f"--error-{place + 1}")
    return [f"refused: {flaw}" for flaw in flaws]


#: Where the refused form of a template is photographed: the kind of its page.
PHOTOGRAPHED = {
    "account/login.html": "/inloggen/begeleiders/",
    "account/one_time_code.html": "/inloggen/met-code/",
    "account/password_change.html": "/inloggen/wachtwoord/wijzigen/",
    "account/password_reset.html": "/inloggen/wachtwoord/",
    "account/portrait.html": "/inloggen/foto/",
    "account/request_login_code.html": "/inloggen/",
    "challenges/mine_choose.html": "/mijn-challenge/kiezen/",
    "challenges/mine_own.html": "/mijn-challenge/*/",
    "challenges/of_stay.html": "/deelnemers/*/challenges/",
    "challenges/practising/finish.html": "/mijn-challenge/*/klaar/",
    "challenges/practising/note.html": "/mijn-challenge/oefening/*/",
    "challenges/support/form.html": "/ondersteuningsvormen/*/",
    "challenges/support/forms.html": "/ondersteuningsvormen/",
    "challenges/talks/evaluate.html": "/deelnemers/*/challenges/*/gesprek/",
    "challenges/thread/discuss.html": "/deelnemers/*/draad/schuilnaam/",
    "challenges/hypotheses/write.html": "/deelnemers/*/hypothesen/nieuw/",
    "challenges/hypotheses/_opinion.html": "/hypothesen/*/",
    "challenges/hypotheses/one.html": "/hypothesen/*/",
    "challenges/observations/observe.html": "/deelnemers/*/observatie/",
    "groups/activities/funding.html": "/bijdragen/*/",
    "groups/activities/fundings.html": "/groepen/*/bijdragen/",
    "groups/activities/idea.html": "/ideeen/*/",
    "groups/activities/ideas.html": "/groepen/*/ideeen/",
    "groups/activities/questions.html": "/ideeen/*/vragen/",
    "groups/activities/stops.html": "/avonden/*/onderweg/",
    "groups/activities/too_expensive.html": "/ideeen/*/te-duur/",
    "groups/activities/when.html": "/ideeen/*/wanneer/",
    "groups/change.html": "/avonden/*/wijzigen/",
    "groups/door.html": "/groepen/*/de-deur/",
    "groups/farewell/_own_words.html": "/deelnemers/*/kaart/",
    "groups/farewell/worker.html": "/deelnemers/*/kaart/",
    "groups/farewell/write.html": "/kaart/*/",
    "groups/leave.html": "/deelnemers/*/afscheid/",
    "groups/move.html": "/deelnemers/*/andere-groep/",
    "groups/role_model.html": "/deelnemers/*/voorbeeld/",
    "groups/walk_in.html": "/avonden/*/iemand-erbij/",
    "groups/year_plan/plan.html": "/groepen/*/plannen/",
    "groups/year_plan/rhythm.html": "/groepen/*/dag-en-tijd/",
    "groups/room/group_chat.html": "/groepen/*/groepsapp/",
    "groups/room/my_post.html": "/groep/bericht/*/",
    "groups/room/new_topic.html": "/groep/nieuw/",
    "groups/room/report.html": "/groep/bericht/*/melden/",
    "groups/room/room.html": "/groepen/*/forum/",
    "groups/room/room_post.html": "/forum/*/",
    "groups/room/room_topic.html": "/groepen/*/forum/*/",
    "groups/room/topic.html": "/groep/*/",
    "groups/stop.html": "/stoppen/",
    "home/close.html": "/deelnemers/*/afsluiten/",
    "home/retention.html": "/bewaartermijnen/",
    "participants/_around_talk.html": "/deelnemers/*/persoon/",
    "participants/account/agreements.html": "/afspraken/",
    "participants/account/ask_about_data.html": "/wat-we-weten/vraag/klopt-niet/",
    "participants/account/details.html": "/mijn-gegevens/",
    "participants/account/guardians.html": "/mijn-gegevens/regelen/",
    "participants/account/sign_in_address.html": "/hoe-ik-inlog/adres/",
    "participants/account/not_okay.html": "/er-is-iets/",
    "participants/account/whom_i_know.html": "/bekenden/",
    "participants/applicant.html": "/aanmeldingen/*/",
    "participants/care_concerns.html": "/deelnemers/*/zorgvragen/",
    "participants/consultation.html": "/advies/*/",
    "participants/leaving/_talk_form.html": "/deelnemers/*/afscheid/gesprek/",
    "participants/leaving/discussed.html": "/samen-besloten/*/",
    "participants/leaving/onward.html": "/zelf-verder/",
    "participants/leaving/parents.html": "/deelnemers/*/afscheid/ouders/",
    "participants/leaving/talk.html": "/deelnemers/*/afscheid/gesprek/",
    "participants/own_pause.html": "/pauze/",
    "participants/parents/asking.html": "/deelnemers/*/ouders/",
    "participants/parents/birth_date.html": "/deelnemers/*/geboortedatum/",
    "participants/parents/change.html": "/deelnemers/*/ouders/*/",
    "participants/parents/yes.html": "/ouders/toestemming/",
    "participants/pause.html": "/deelnemers/*/pauze/",
    "participants/policies/policy.html": "/toestemming/*/",
    "participants/reach.html": "/deelnemers/*/contact/",
    "participants/referrers/of_person.html": "/deelnemers/*/verwijzers/",
    "participants/referrers/referrer.html": "/verwijzers/*/",
    "participants/referrers/register.html": "/verwijzers/",
    "participants/rights/complaint.html": "/verteld/*/",
    "participants/rights/data_request.html": "/gegevens/*/",
    "participants/rights/requests.html": "/deelnemers/*/gegevens/",
    "participants/sign_up.html": "/aanmelden/",
    "participants/start.html": "/",
    "questionnaires/item.html": "/vragen/*/*/",
}
#: The forms without a picture of their error, and why.
CANNOT_FAIL = {
    "challenges/preparing/prepare.html": "it saves itself; too long is said at the field",
    "challenges/support/at_meeting.html": "two choices that are made already, and a tap",
    "challenges/_staff.html": "one of three answers; not said is one of them",
    "groups/help.html": "the moment alone is a line: nothing is obliged",
    "groups/logbook.html": "a card saves itself; too long is said at the field (tests/groups)",
    "groups/logbook_read.html": "any text is an answer, also none",
    "home/search.html": "any text is an answer, also none",
    "layouts/staff.html": "the search field: any text is an answer, also none",
    "mfa/recovery_codes/generate.html": "one button: the form has no field",
    "mfa/totp/deactivate_form.html": "one button: the form has no field",
    "participants/_next_step.html": "one button; what stands in it was refused or taken before",
}
#: These can be refused, but come after an act that no link of the demo does. The moments of
#: tests/browser pass them with axe and with `SEEN`.
AFTER_AN_ACT = {
    "account/confirm_login_code.html": "a code was asked for",
    "account/say_who.html": "a code for a mailbox of two was right",
    "account/password_reset_from_key.html": "a new password was asked for",
    "account/reauthenticate.html": "ten minutes passed since the password",
    "groups/absent.html": "somebody said not to come",
    "groups/farewell/round.html": "a phone goes round",
    "groups/invite.html": "somebody is suitable and nowhere invited",
    "groups/move_outside.html": "a move outside the age band was asked",
    "groups/reopen.html": "a stay was closed",
    "groups/trial.html": "the trial evening was held",
    "mfa/authenticate.html": "a password was right",
    "mfa/reauthenticate.html": "ten minutes passed since the code",
    "mfa/totp/activate_form.html": "a first password was chosen",
    "participants/_alone.html": "a talk was held with others there",
    "participants/_who_knows.html": "a talk was begun",
    "participants/account/guardian.html": "a parent was entered",
    "participants/receipt.html": "a sign-up was sent",
    "participants/account/who_hears_what.html": "a referrer was tied to this young person",
    "participants/care_concern.html": "a concern about care was written down",
    "participants/hand_over.html": "somebody came over from another group",
    "participants/intake.html": "a talk was begun",
    "participants/interest.html": "a place without a group was looked up",
    "participants/leaving/return.html": "a stay was closed",
    "participants/one_to_one_flag.html": "a talk was held with others there",
    "participants/parents/asked_again.html": "a parent said no",
    "participants/parents/feedback.html": "a parent was asked about a referrer",
    "participants/parents/no.html": "a parent pressed no",
    "participants/parents/question.html": "a parent asks something",
    "participants/parents/silence.html": "a young person said that home may not know",
    "participants/parents/withdraw.html": "a parent gave consent",
    "questionnaires/aftercare.html": "three months passed since the goodbye",
}


def with_a_form(folder: Path) -> Iterator[str]:
    """Templates in which something is filled in and sent: each has its line in a list above.

    Not clever: a form is what stands between its tags, a field what is written there as one. A form
    of one field counts too.
    """
    for path in sorted(folder.rglob("*.html")):
        name = path.relative_to(folder).as_posix()
        if name.split("/")[0] in ("core", "cotton", "demo", "django", "style"):
            continue
        if any(FIELD.search(form) for form in FORM.findall(path.read_text())):
            yield name


FORM = re.compile(
    r'<c-form\b(?![^>]*method="get").*?</c-form>|<form\b[^>]*method="post".*?</form>', re.DOTALL
)
FIELD = re.compile(
    r':form=|<c-field|<c-choice\b|<c-checkbox|<textarea|<select|<input(?![^>]*type="?hidden)'
    r"|\{\{ *(?:\w*form\w*|field) *\}\}"
)
