from django.apps import AppConfig


class HomeConfig(AppConfig):
    """The roof: the last app to start, so every port can be answered from here."""

    name = "joinus.home"
    label = "home"

    def ready(self) -> None:
        from joinus import wiring

        wiring.connect()
