from django.urls import path

from challenges.hypotheses import views as thinking
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
    # what may lie under it
    path("deelnemers/<uuid:trajectory_id>/hypothesen/", thinking.hypotheses, name="hypotheses"),
    path(
        "deelnemers/<uuid:trajectory_id>/hypothesen/nieuw/",
        thinking.new_hypothesis,
        name="new_hypothesis",
    ),
    path("hypothesen/<uuid:hypothesis_id>/", thinking.hypothesis, name="hypothesis"),
    path("hypothesen/<uuid:hypothesis_id>/aanpassen/", thinking.change, name="change_hypothesis"),
    path("hypothesen/<uuid:hypothesis_id>/anders/", thinking.instead, name="instead"),
]
