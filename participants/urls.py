from django.urls import path

from participants.views import applicants, intake, signup

app_name = "participants"

urlpatterns = [
    # arrival
    path("kijk-bij-mij/", signup.check, name="check"),
    path("aanmelden/", signup.sign_up, name="sign_up"),
    path("aangemeld/", signup.signed_up, name="signed_up"),
    path("aangemeld/wachten/", signup.signed_up, {"waiting": True}, name="signed_up_waiting"),
    path("laat-het-me-weten/", signup.interest, name="interest"),
    path("laat-het-me-weten/bewaard/", signup.interest_kept, name="interest_kept"),
    path("aanmeldingen/", applicants.applicants, name="applicants"),
    path("aanmeldingen/<uuid:trajectory_id>/", applicants.applicant, name="applicant"),
    path("aanmeldingen/<uuid:trajectory_id>/contact/", applicants.contact, name="contact"),
    path("aanmeldingen/<uuid:trajectory_id>/gesprek/", intake.intake, name="intake"),
    path("aanmeldingen/<uuid:trajectory_id>/gesprek/begin/", intake.begin, name="begin_intake"),
    path("aanmeldingen/<uuid:trajectory_id>/besluit/", intake.decide, name="decide"),
    path("aanmeldingen/<uuid:trajectory_id>/verteld/", intake.told, name="told"),
    path("aanmeldingen/<uuid:trajectory_id>/advies/", intake.ask, name="ask_advice"),
    path("advies/<uuid:consultation_id>/", intake.consultation, name="consultation"),
]
