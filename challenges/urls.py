from django.urls import path

from challenges.register.views import own, staff

app_name = "challenges"

urlpatterns = [
    path("mijn-challenge/", own.mine, name="mine"),
    path("mijn-challenge/kiezen/", own.choose, name="choose"),
    path("mijn-challenge/<uuid:challenge_id>/", own.own, name="own"),
    path("groep/challenges/", own.of_peers, name="of_peers"),
    path("deelnemers/<uuid:trajectory_id>/challenges/", staff.of_stay, name="of_stay"),
    path("groepen/<uuid:group_id>/challenges/", staff.of_group, name="of_group"),
]
