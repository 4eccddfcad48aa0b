from django.urls import path

from challenges.observations import views as observing
from challenges.register import views

app_name = "challenges"

urlpatterns = [
    path("mijn-challenge/", views.mine, name="mine"),
    path("deelnemers/<uuid:trajectory_id>/challenges/", views.of_stay, name="of_stay"),
    path("groepen/<uuid:group_id>/challenges/", views.of_group, name="of_group"),
    # what was seen
    path("deelnemers/<uuid:trajectory_id>/observatie/", observing.observe, name="observe"),
    path(
        "deelnemers/<uuid:trajectory_id>/observaties/", observing.observations, name="observations"
    ),
    path("groepen/<uuid:group_id>/observatie/", observing.observe_in, name="observe_in"),
    path("observaties/<uuid:observation_id>/", observing.observation, name="observation"),
    path("onthouden/", observing.remembered, name="remembered"),
    path("onthouden/<uuid:jotting_id>/", observing.jotting, name="jotting"),
]
