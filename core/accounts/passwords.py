"""What a professional's password must be (trust.md 5), refused in our own words.

Django's Dutch for these lags behind its English: its sentence about the length came out in
English, and "de e-mailadres" is put together out of parts.
"""

from django.contrib.auth import password_validation as django
from django.utils.translation import gettext, ngettext


class LongEnough(django.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return self.get_help_text()

    def get_help_text(self) -> str:
        return ngettext(
            "Choose a password of at least %(min_length)d character.",
            "Choose a password of at least %(min_length)d characters.",
            self.min_length,
        ) % {"min_length": self.min_length}


class NotOneself(django.UserAttributeSimilarityValidator):
    """Neither the name nor the address, whole or in part."""

    def get_error_message(self) -> str:
        return self.get_help_text()

    def get_help_text(self) -> str:
        return gettext(
            "This looks too much like your name or your e-mail address. Choose another password."
        )


class NotCommon(django.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return self.get_help_text()

    def get_help_text(self) -> str:
        return gettext("Many people use this password, so it is easily guessed. Choose another.")
