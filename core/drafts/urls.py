from django.urls import path

from core.drafts import views

app_name = "drafts"
urlpatterns = [
    path("bewaren/", views.keep, name="keep"),
    path("<uuid:draft_id>/weg/", views.throw_away, name="throw_away"),
]
