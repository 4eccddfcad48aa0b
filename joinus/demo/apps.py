from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class DemoConfig(AppConfig):
    """Signs anybody in as anybody: so it starts nowhere but under the demo's own settings."""

    name = "joinus.demo"
    label = "demo"

    def ready(self) -> None:
        if not settings.DEMO:
            raise ImproperlyConfigured("joinus.demo runs with joinus.settings.demo only.")
