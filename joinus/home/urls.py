from django.urls import path

from joinus.home.views import file, post, today

app_name = "home"

urlpatterns = [
    path("", today.start, name="start"),
    path("vandaag/", today.today, name="today"),
    path("deelnemers/<uuid:trajectory_id>/", file.file, name="file"),
    path("berichten/<uuid:message_id>/", post.message, name="message"),
    path("berichten/<uuid:message_id>/klaar/", post.settle_message, name="settle_message"),
]
