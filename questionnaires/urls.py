from django.urls import path

from questionnaires.answers.views import answer, mail_buttons, worker
from questionnaires.cycle import views as aftercare

app_name = "questionnaires"

urlpatterns = [
    path("vragen/<uuid:invitation_id>/", answer.who_reads, name="who_reads"),
    path("vragen/<uuid:invitation_id>/<int:number>/", answer.item, name="item"),
    path("vragen/<uuid:invitation_id>/klaar/", answer.finish, name="finish"),
    path("vragen/<uuid:invitation_id>/verder/", answer.stop_here, name="stop_here"),
    path("vragen/<uuid:invitation_id>/bedankt/", answer.thanks, name="thanks"),
    path("vragen/<uuid:invitation_id>/terugkijken/", answer.look_back, name="look_back"),
    path("vragen/<uuid:invitation_id>/later/", answer.put_off, name="later"),
    # the two buttons of a mail
    path("vragen/morgen/<page:page>/", mail_buttons.tomorrow_page, name="tomorrow_by_mail_page"),
    path("vragen/morgen/<str:token>/", mail_buttons.tomorrow, name="tomorrow_by_mail"),
    path(
        "vragen/liever-niet/<page:page>/",
        mail_buttons.rather_not_page,
        name="rather_not_by_mail_page",
    ),
    path("vragen/liever-niet/<str:token>/", mail_buttons.rather_not, name="rather_not_by_mail"),
    path("vragen/<uuid:invitation_id>/tekst/", worker.ready_text, name="ready_text"),
    path("deelnemers/<uuid:trajectory_id>/antwoorden/", worker.answers, name="answers"),
    path("deelnemers/<uuid:trajectory_id>/nazorg/", aftercare.aftercare, name="aftercare"),
]
