from django.urls import path

from questionnaires.answers.views import answer, worker
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
    path("vragen/<uuid:invitation_id>/tekst/", worker.ready_text, name="ready_text"),
    path("deelnemers/<uuid:trajectory_id>/antwoorden/", worker.answers, name="answers"),
    path("deelnemers/<uuid:trajectory_id>/nazorg/", aftercare.aftercare, name="aftercare"),
]
