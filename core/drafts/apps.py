from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "core.drafts"
    label = "drafts"
