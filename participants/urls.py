from django.urls import path

from participants.care.views import care_concerns, who_helps
from participants.care.views import contact as underway
from participants.complaints import views as complaints
from participants.consent import views as agreements
from participants.exit import views as leaving
from participants.intake.views import around_the_talk as talk
from participants.intake.views import talk as intake
from participants.journey.views import pausing
from participants.journey.views import route_map as route
from participants.parents.views import answer as parents
from participants.parents.views import guardians, not_again, overview, policies
from participants.person.views import details as account
from participants.person.views import door_code, sign_in_address
from participants.recusal import views as who_knows
from participants.referrers.views import consent as feedback
from participants.referrers.views import register as referrers
from participants.rights.views import requests as data_requests
from participants.rights.views import what_we_keep as known
from participants.signup.views import applicants, demand, faces, interest, receipt
from participants.signup.views import sign_up as signup

app_name = "participants"

urlpatterns = [
    # arrival
    path("kijk-bij-mij/", signup.check, name="check"),
    path("kijk-bij-mij/uitkomst/", signup.checked, name="checked"),
    path("aanmelden/", signup.sign_up, name="sign_up"),
    path("aangemeld/", signup.signed_up, name="signed_up"),
    path("aangemeld/<page:page>/", signup.signed_up, name="signed_up"),
    path("aangemeld/wachten/", signup.signed_up, {"waiting": True}, name="signed_up_waiting"),
    path("aangemeld/wie/", signup.choose_worker, name="choose_worker"),
    path("aangemeld/<page:page>/wie/", signup.choose_worker, name="choose_worker"),
    path("aangemeld/<page:page>/klopt-het/", receipt.receipt_here, name="receipt_here"),
    path("aangemeld/klopt-het/weg/", receipt.receipt_withdrawn, name="receipt_withdrawn"),
    path("aangemeld/klopt-het/<page:page>/", receipt.receipt, name="receipt"),
    path(
        "aangemeld/klopt-het/<page:page>/toch-niet/",
        receipt.receipt_withdraw,
        name="receipt_withdraw",
    ),
    path("aangemeld/l/<str:token>/", receipt.receipt_link, name="receipt_link"),
    path("laat-het-me-weten/", interest.interest, name="interest"),
    path("laat-het-me-weten/bewaard/", interest.interest_kept, name="interest_kept"),
    path("laat-het-me-weten/weg/", interest.interest_deleted, name="interest_deleted"),
    path(
        "laat-het-me-weten/weg/<page:page>/",
        interest.interest_delete_page,
        name="interest_delete_page",
    ),
    path("laat-het-me-weten/weg/<str:token>/", interest.interest_delete, name="interest_delete"),
    path("gezichten/<uuid:portrait_id>/", faces.face, name="face"),
    path("waar-nog-niet/", demand.demand, name="demand"),
    path("aanmeldingen/", applicants.applicants, name="applicants"),
    path("aanmeldingen/<uuid:trajectory_id>/", applicants.applicant, name="applicant"),
    path("aanmeldingen/<uuid:trajectory_id>/contact/", applicants.contact, name="contact"),
    path(
        "aanmeldingen/<uuid:trajectory_id>/een-ander/<uuid:person_id>/",
        applicants.another_person,
        name="another_person",
    ),
    path("aanmeldingen/<uuid:trajectory_id>/groep/", applicants.move, name="move_applicant"),
    path("aanmeldingen/<uuid:trajectory_id>/gesprek/", intake.intake, name="intake"),
    path("aanmeldingen/<uuid:trajectory_id>/gesprek/begin/", intake.begin, name="begin_intake"),
    path("aanmeldingen/<uuid:trajectory_id>/besluit/", intake.decide, name="decide"),
    path("aanmeldingen/<uuid:trajectory_id>/verteld/", intake.told, name="told"),
    path("aanmeldingen/<uuid:trajectory_id>/advies/", intake.ask, name="ask_advice"),
    path("advies/<uuid:consultation_id>/", intake.consultation, name="consultation"),
    # around the first talk
    path(
        "aanmeldingen/<uuid:trajectory_id>/eerste-idee/",
        talk.note_first_idea,
        name="note_first_idea",
    ),
    path("aanmeldingen/<uuid:trajectory_id>/hulp-elders/", talk.note_care, name="note_care"),
    path(
        "aanmeldingen/<uuid:trajectory_id>/onder-vier-ogen/",
        talk.held_one_to_one,
        name="held_one_to_one",
    ),
    path("onder-vier-ogen/<uuid:intake_id>/", talk.flag, name="one_to_one_flag"),
    path("deelnemers/<uuid:trajectory_id>/overdracht/", talk.check_hand_over, name="hand_over"),
    # underway
    path("deelnemers/<uuid:trajectory_id>/contact/", underway.reach_out, name="reach"),
    path("deelnemers/<uuid:trajectory_id>/gestopt/", underway.stopped, name="stopped"),
    path("deelnemers/<uuid:trajectory_id>/pauze/", pausing.pause, name="pause"),
    path(
        "deelnemers/<uuid:trajectory_id>/zorgvragen/", care_concerns.concerns, name="care_concerns"
    ),
    path("zorgvragen/<uuid:concern_id>/", care_concerns.concern, name="care_concern"),
    path("meedenken/<uuid:worry_id>/", underway.thinking_along, name="think_along"),
    path("pauze/", pausing.own_pause, name="own_pause"),
    # the route map
    path("mijn-route/", route.own_route, name="own_route"),
    path("deelnemers/<uuid:trajectory_id>/route/", route.route, name="route"),
    path("wie-kan-helpen/", who_helps.who_helps, name="who_helps"),
    path("wie-kan-helpen/bel-mij/", who_helps.call_me, name="call_me"),
    path("deelnemers/<uuid:trajectory_id>/belt/", who_helps.call_wish_page, name="call_wish"),
    # in without an own mailbox (C-41)
    path("deelnemers/<uuid:trajectory_id>/inlogcode/", door_code.hand_code, name="hand_code"),
    path(
        "deelnemers/<uuid:trajectory_id>/inlogcode/intrekken/",
        door_code.take_back,
        name="take_back_code",
    ),
    path("hoe-ik-inlog/", door_code.own_codes, name="own_codes"),
    path("hoe-ik-inlog/adres/", sign_in_address.page, name="sign_in_address"),
    path("inlogcodes/<uuid:code_id>/", door_code.disputed, name="disputed_code"),
    # who knows whom
    path("aangemeld/ken-ik/", signup.known_at_sign_up, name="known_at_sign_up"),
    path("aangemeld/<page:page>/ken-ik/", signup.known_at_sign_up, name="known_at_sign_up"),
    path("bekenden/", who_knows.whom_i_know, name="whom_i_know"),
    path(
        "aanmeldingen/<uuid:trajectory_id>/bekenden/", who_knows.said_in_talk, name="said_in_talk"
    ),
    path("deelnemers/<uuid:trajectory_id>/erbuiten/", who_knows.stay_out, name="stay_out"),
    path("wie-kent-wie/", who_knows.recusals, name="recusals"),
    path("wie-kent-wie/<uuid:recusal_id>/", who_knows.let_in, name="let_in"),
    # consent
    path("mijn-gegevens/", account.details_page, name="details"),
    path("afspraken/", agreements.agreements_page, name="agreements"),
    # As they were called before: for a page that is still open, and a bookmark. The ones below are
    # what pages link to.
    path("mijn-ouders/", guardians.guardians_page, name="guardians"),
    path(
        "mijn-ouders/<uuid:guardian_id>/",
        guardians.change_guardian_page,
        name="change_own_guardian",
    ),
    path("mijn-gegevens/regelen/", guardians.guardians_page, name="guardians"),
    path(
        "mijn-gegevens/regelen/<uuid:guardian_id>/",
        guardians.change_guardian_page,
        name="change_own_guardian",
    ),
    path("er-is-iets/niet-verder/", guardians.say_not_at_home, name="say_not_at_home"),
    path("toestemming/", policies.policies_page, name="policies"),
    path("toestemming/<uuid:organisation_id>/", policies.policy_page, name="policy"),
    path("ouders/l/<str:token>/", parents.parent_consent, name="parent_consent"),
    path("ouders/i/<str:token>/", parents.parent_withdraw, name="parent_withdraw"),
    path("ouders/b/<str:token>/", parents.parent_receipt, name="parent_receipt"),
    path("ouders/bewijs/", parents.parent_receipt_pdf, name="parent_receipt_pdf"),
    path("ouders/bewijs/<page:page>/", parents.parent_receipt_pdf, name="parent_receipt_pdf"),
    path("ouders/t/<str:token>/", feedback.parent_feedback, name="parent_feedback"),
    path("ouders/terugkoppeling/", feedback.parent_feedback_page, name="parent_feedback_page"),
    path(
        "ouders/terugkoppeling/<page:page>/",
        feedback.parent_feedback_page,
        name="parent_feedback_page",
    ),
    path("ouders/toestemming/", parents.parent_page, name="parent_page"),
    path("ouders/toestemming/<page:page>/", parents.parent_page, name="parent_page"),
    path("ouders/intrekken/", parents.parent_withdraw_page, name="parent_withdraw_page"),
    path(
        "ouders/intrekken/<page:page>/", parents.parent_withdraw_page, name="parent_withdraw_page"
    ),
    path("ouders/klaar/<slug:outcome>/", parents.parent_done, name="parent_done"),
    path("deelnemers/<uuid:trajectory_id>/ouders/", overview.parents, name="parents"),
    path("deelnemers/<uuid:trajectory_id>/ouders/thuis/", overview.harm, name="harm"),
    path(
        "deelnemers/<uuid:trajectory_id>/ouders/<uuid:guardian_id>/vrijgeven/",
        overview.release,
        name="release_request",
    ),
    path(
        "deelnemers/<uuid:trajectory_id>/ouders/vraag/<uuid:consent_id>/",
        overview.question_answered,
        name="question_answered",
    ),
    path(
        "deelnemers/<uuid:trajectory_id>/ouders/<uuid:guardian_id>/",
        overview.change_guardian,
        name="change_guardian",
    ),
    path(
        "deelnemers/<uuid:trajectory_id>/ouders/<uuid:guardian_id>/toch/",
        not_again.parent_asked_again,
        name="asked_again",
    ),
    path("eerst-praten/<uuid:silence_id>/", not_again.silence, name="silence"),
    path("adres-van-collega/<uuid:at_work_id>/", not_again.parent_at_work, name="parent_at_work"),
    path("deelnemers/<uuid:trajectory_id>/geboortedatum/", overview.birth_date, name="birth_date"),
    path("wie-hoort-wat/", feedback.who_hears_what, name="who_hears_what"),
    path("verwijzers/", referrers.register, name="register"),
    path("verwijzers/<uuid:referrer_id>/", referrers.referrer, name="referrer"),
    path("deelnemers/<uuid:trajectory_id>/verwijzers/", referrers.referrers_of, name="referrers"),
    path("deelnemers/<uuid:trajectory_id>/verwijzers/<uuid:tie_id>/", referrers.tie, name="tie"),
    path("thuis/<uuid:exception_id>/", overview.exception_page, name="unsafe_home_agreed"),
    path(
        "deelnemers/<uuid:trajectory_id>/ouders/onveilig/", overview.unsafe_home, name="unsafe_home"
    ),
    path(
        "deelnemers/<uuid:trajectory_id>/ouders/veilig/", overview.home_is_safe, name="home_is_safe"
    ),
    # what we know about you
    path("wat-we-weten/", known.known, name="known"),
    path("wat-we-weten/wie-keek/", known.who_looked, name="who_looked"),
    path("wat-we-weten/van-jou/", known.package, name="package"),
    path("wat-we-weten/van-jou/document/", known.package_document, name="package_document"),
    path("wat-we-weten/van-jou/bestand/", known.package_file, name="package_file"),
    path("wat-we-weten/vraag/<slug:about>/", known.ask_about_data, name="ask_about_data"),
    path(
        "wat-we-weten/vraag/<uuid:request_id>/terug/",
        known.take_back_request,
        name="take_back_request",
    ),
    path("er-is-iets/", complaints.not_okay, name="not_okay"),
    path("er-is-iets/<uuid:complaint_id>/meer/", complaints.tell_more, name="tell_more"),
    path("verteld/<uuid:complaint_id>/", complaints.complaint, name="complaint"),
    path("gegevens/<uuid:request_id>/", data_requests.data_request, name="data_request"),
    path("gegevens/<uuid:request_id>/alles/", data_requests.rest, name="rest_of_data"),
    path(
        "deelnemers/<uuid:trajectory_id>/gegevens/", data_requests.requests_of, name="data_requests"
    ),
    # leaving and what comes after
    path("zelf-verder/", leaving.onward, name="onward"),
    path("deelnemers/<uuid:trajectory_id>/afscheid/gesprek/", leaving.talk, name="exit_talk"),
    path(
        "deelnemers/<uuid:trajectory_id>/afscheid/afspraken/<uuid:agreement_id>/weg/",
        leaving.drop_agreement,
        name="drop_agreement",
    ),
    path(
        "deelnemers/<uuid:trajectory_id>/afscheid/ouders/",
        leaving.parents,
        name="parents_at_exit",
    ),
    path("samen-besloten/<uuid:decision_id>/", leaving.discussed_page, name="discussed"),
    path("deelnemers/<uuid:trajectory_id>/terugkeer/", leaving.allow_return, name="allow_return"),
]
