from django.apps import AppConfig


class SweepConfig(AppConfig):
    name = "core.sweep"
    label = "sweep"
