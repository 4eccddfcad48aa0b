from django.urls import path

from challenges.register import own_views, views

app_name = "challenges"

urlpatterns = [
    path("mijn-challenge/", own_views.mine, name="mine"),
    path("mijn-challenge/kiezen/", own_views.choose, name="choose"),
    path("mijn-challenge/<uuid:challenge_id>/", own_views.own, name="own"),
    path("groep/challenges/", own_views.of_peers, name="of_peers"),
    path("deelnemers/<uuid:trajectory_id>/challenges/", views.of_stay, name="of_stay"),
    path("groepen/<uuid:group_id>/challenges/", views.of_group, name="of_group"),
]
