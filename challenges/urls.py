from django.urls import path

from challenges.register import views

app_name = "challenges"

urlpatterns = [
    path("mijn-challenge/", views.mine, name="mine"),
    path("deelnemers/<uuid:trajectory_id>/challenges/", views.of_stay, name="of_stay"),
    path("groepen/<uuid:group_id>/challenges/", views.of_group, name="of_group"),
]
