from django.urls import path

from challenges.preparing import views as preparing
from challenges.register import views
from challenges.support import views as support

app_name = "challenges"

urlpatterns = [
    path("mijn-challenge/", views.mine, name="mine"),
    path("deelnemers/<uuid:trajectory_id>/challenges/", views.of_stay, name="of_stay"),
    path("groepen/<uuid:group_id>/challenges/", views.of_group, name="of_group"),
    path("avonden/<uuid:meeting_id>/voorbereiding/", preparing.preparation, name="preparation"),
    path(
        "avonden/<uuid:meeting_id>/voorbereiding/nu/",
        preparing.preparation_now,
        name="preparation_now",
    ),
    path(
        "avonden/<uuid:meeting_id>/voorbereiding/papier/",
        preparing.preparation_on_paper,
        name="preparation_on_paper",
    ),
    path(
        "avonden/<uuid:meeting_id>/ondersteuning/<uuid:trajectory_id>/",
        support.support_at,
        name="support_at",
    ),
    path(
        "deelnemers/<uuid:trajectory_id>/ondersteuning/",
        support.support_of_stay,
        name="support_of_stay",
    ),
    path("ondersteuningsvormen/", support.support_forms, name="support_forms"),
    path("ondersteuningsvormen/<slug:form_key>/", support.support_form, name="support_form"),
]
