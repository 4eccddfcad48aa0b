from django.urls import path

from challenges.register import views
from challenges.register.practising import views as practising
from challenges.talks import views as talks

app_name = "challenges"

urlpatterns = [
    path("mijn-challenge/", views.mine, name="mine"),
    path("mijn-challenge/gedurfd/", practising.dared, name="dared"),
    path("mijn-challenge/<uuid:challenge_id>/geoefend/", practising.practised, name="practised"),
    path("mijn-challenge/<uuid:challenge_id>/klaar/", practising.finish, name="finish"),
    path("mijn-challenge/oefening/<uuid:note_id>/", practising.note, name="practice_note"),
    path("deelnemers/<uuid:trajectory_id>/challenges/", views.of_stay, name="of_stay"),
    path("deelnemers/<uuid:trajectory_id>/challenge-gesprek/", talks.talk, name="talk"),
    path(
        "deelnemers/<uuid:trajectory_id>/challenges/<uuid:challenge_id>/gesprek/",
        talks.evaluate,
        name="evaluate",
    ),
    path("groepen/<uuid:group_id>/challenges/", views.of_group, name="of_group"),
]
