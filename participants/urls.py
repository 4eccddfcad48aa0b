from django.urls import path

from participants.views import (
    account,
    applicants,
    asking,
    door_code,
    faces,
    intake,
    parents,
    policies,
    route,
    signup,
)
from participants.views import recusal as who_knows

app_name = "participants"

urlpatterns = [
    # arrival
    path("kijk-bij-mij/", signup.check, name="check"),
    path("aanmelden/", signup.sign_up, name="sign_up"),
    path("aangemeld/", signup.signed_up, name="signed_up"),
    path("aangemeld/wachten/", signup.signed_up, {"waiting": True}, name="signed_up_waiting"),
    path("laat-het-me-weten/", signup.interest, name="interest"),
    path("laat-het-me-weten/bewaard/", signup.interest_kept, name="interest_kept"),
    path("gezichten/<uuid:portrait_id>/", faces.face, name="face"),
    path("aanmeldingen/", applicants.applicants, name="applicants"),
    path("aanmeldingen/<uuid:trajectory_id>/", applicants.applicant, name="applicant"),
    path("aanmeldingen/<uuid:trajectory_id>/contact/", applicants.contact, name="contact"),
    path("aanmeldingen/<uuid:trajectory_id>/groep/", applicants.move, name="move_applicant"),
    path("aanmeldingen/<uuid:trajectory_id>/gesprek/", intake.intake, name="intake"),
    path("aanmeldingen/<uuid:trajectory_id>/gesprek/begin/", intake.begin, name="begin_intake"),
    path("aanmeldingen/<uuid:trajectory_id>/besluit/", intake.decide, name="decide"),
    path("aanmeldingen/<uuid:trajectory_id>/verteld/", intake.told, name="told"),
    path("aanmeldingen/<uuid:trajectory_id>/advies/", intake.ask, name="ask_advice"),
    path("advies/<uuid:consultation_id>/", intake.consultation, name="consultation"),
    # the route map
    path("mijn-route/", route.own_route, name="own_route"),
    path("deelnemers/<uuid:trajectory_id>/route/", route.route, name="route"),
    # in without an own mailbox (C-41)
    path("deelnemers/<uuid:trajectory_id>/inlogcode/", door_code.hand_code, name="hand_code"),
    path(
        "deelnemers/<uuid:trajectory_id>/inlogcode/intrekken/",
        door_code.take_back,
        name="take_back_code",
    ),
    path("hoe-ik-inlog/", door_code.own_codes, name="own_codes"),
    path("inlogcodes/<uuid:code_id>/", door_code.disputed, name="disputed_code"),
    # who knows whom
    path("bekenden/", who_knows.whom_i_know, name="whom_i_know"),
    path(
        "aanmeldingen/<uuid:trajectory_id>/bekenden/", who_knows.said_in_talk, name="said_in_talk"
    ),
    path("deelnemers/<uuid:trajectory_id>/erbuiten/", who_knows.stay_out, name="stay_out"),
    path("wie-kent-wie/", who_knows.recusals, name="recusals"),
    path("wie-kent-wie/<uuid:recusal_id>/", who_knows.let_in, name="let_in"),
    # consent
    path("mijn-gegevens/", account.details_page, name="details"),
    path("afspraken/", account.agreements_page, name="agreements"),
    path("mijn-ouders/", account.guardians_page, name="guardians"),
    path(
        "mijn-ouders/<uuid:guardian_id>/",
        account.change_guardian_page,
        name="change_own_guardian",
    ),
    path("toestemming/", policies.policies_page, name="policies"),
    path("toestemming/<uuid:organisation_id>/", policies.policy_page, name="policy"),
    path("ouders/l/<str:token>/", parents.parent_consent, name="parent_consent"),
    path("ouders/i/<str:token>/", parents.parent_withdraw, name="parent_withdraw"),
    path("ouders/toestemming/", parents.parent_page, name="parent_page"),
    path("ouders/intrekken/", parents.parent_withdraw_page, name="parent_withdraw_page"),
    path("ouders/klaar/<slug:outcome>/", parents.parent_done, name="parent_done"),
    path("deelnemers/<uuid:trajectory_id>/ouders/", asking.parents, name="parents"),
    path("deelnemers/<uuid:trajectory_id>/ouders/thuis/", asking.harm, name="harm"),
    path(
        "deelnemers/<uuid:trajectory_id>/ouders/<uuid:guardian_id>/vrijgeven/",
        asking.release,
        name="release_request",
    ),
    path(
        "deelnemers/<uuid:trajectory_id>/ouders/vraag/<uuid:consent_id>/",
        asking.question_answered,
        name="question_answered",
    ),
    path(
        "deelnemers/<uuid:trajectory_id>/ouders/<uuid:guardian_id>/",
        asking.change_guardian,
        name="change_guardian",
    ),
    path("deelnemers/<uuid:trajectory_id>/geboortedatum/", asking.birth_date, name="birth_date"),
    path("thuis/<uuid:exception_id>/", asking.exception_page, name="unsafe_home_agreed"),
    path(
        "deelnemers/<uuid:trajectory_id>/ouders/onveilig/", asking.unsafe_home, name="unsafe_home"
    ),
    path(
        "deelnemers/<uuid:trajectory_id>/ouders/veilig/", asking.home_is_safe, name="home_is_safe"
    ),
]
