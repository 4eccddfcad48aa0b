from django.urls import path

from joinus.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.index, name="index"),
    path("binnen/", views.enter, name="enter"),
    path("mail/<str:key>/", views.mail, name="mail"),
]
