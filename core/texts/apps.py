from django.apps import AppConfig


class TextsConfig(AppConfig):
    name = "core.texts"
    label = "texts"
