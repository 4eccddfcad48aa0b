from django.urls import path

from challenges.register import views
from challenges.thread import views as thread

app_name = "challenges"

urlpatterns = [
    path("mijn-challenge/", views.mine, name="mine"),
    path("deelnemers/<uuid:trajectory_id>/challenges/", views.of_stay, name="of_stay"),
    path("deelnemers/<uuid:trajectory_id>/draad/", thread.thread, name="thread"),
    path("deelnemers/<uuid:trajectory_id>/draad/schuilnaam/", thread.discuss, name="discuss"),
    path(
        "draad/<uuid:sharing_id>/",
        thread.under_another_name,
        name="under_another_name",
    ),
    path("groepen/<uuid:group_id>/challenges/", views.of_group, name="of_group"),
]
