"""The forms of the doors: the library's, in our words, with limits that variants cannot dodge."""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.fields import PasswordField, SetPasswordField
from allauth.core import context, ratelimit
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from core.accounts import ways_in
from core.accounts.actors import Viewer
from core.accounts.models import User
from core.accounts.portraits import redrawn
from core.fields import CodeField, MailboxField, parts_field
from core.forms import PictureField

USED_FOR = 120  # seconds; longer than a code of the app can live (90 with the tolerance)


class AddressField(MailboxField):
    """The address of an account, asked at a door."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Your e-mail address"))
        kwargs.setdefault(
            "widget", forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none"})
        )
        super().__init__(**kwargs)


def shared_field() -> forms.BooleanField:
    """*Others use this device too*: nothing stays behind (`signin.share_device`)."""
    return forms.BooleanField(
        label=_("Other people use this device too. Keep nothing here."),
        required=False,
    )


class AskCodeForm(account.RequestLoginCodeForm):
    """A code for a participant. Professionals and strangers get the same page and no mail."""

    email = AddressField()

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if not ratelimit.consume(context.request, action="request_login_code", key=email):
            raise get_adapter().validation_error("too_many_login_attempts")
        self._user = ways_in.to_mail(email)
        return email


class CodeForm(account.ConfirmLoginCodeForm):
    code = CodeField(label=_("The code from the mail"), help_text=_("Six digits."))
    shared = shared_field()

    def clean_code(self) -> str:
        """Guesses are counted per account, also when they come side by side."""
        login = getattr(context.request, "_login_stage", None)
        email = (login.state.get("email") if login else None) or ""
        if not ratelimit.consume(context.request, action="confirm_login_code", key=email):
            raise get_adapter().validation_error("too_many_login_attempts")
        code: str = super().clean_code()
        return code


class WhoForm(forms.Form):
    """Who is there, where the code alone does not say it: typed, never chosen from a list."""

    born = parts_field(
        label=_("When were you born?"),
        birthday=True,
        error_messages={"required": _("Fill in day, month and year.")},
    )


class PasswordForm(account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = AddressField(
            widget=forms.EmailInput(attrs={"autocomplete": "username"})
        )
        self.fields["password"] = PasswordField(
            label=_("Your password"), autocomplete="current-password", max_length=1000
        )
        _plain(self)


class PasswordAgainForm(account.ReauthenticateForm):
    password = PasswordField(
        label=_("Your password"), autocomplete="current-password", max_length=1000
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)


class ForgottenForm(account.ResetPasswordForm):
    email = AddressField()

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        self.users = list(User.objects.staff().filter(email=email, is_active=True))
        return email


class _TwiceForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = _(
            "At least 12 characters. Three words in a row are easy to remember."
        )
        self.fields["password2"].label = _("New password, once more")
        _plain(self)


class NewPasswordForm(_TwiceForm, account.ResetPasswordKeyForm):
    password1 = SetPasswordField(label="", max_length=1000)


class ChangePasswordForm(_TwiceForm, account.ChangePasswordForm):
    password1 = SetPasswordField(label="", max_length=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Your password now")
        self.fields["oldpassword"].help_text = ""


def _use_once(user: Viewer, code: str) -> str:
    """A code that was accepted is never accepted again. Raises ValidationError on the second."""
    digits = "".join(filter(str.isalnum, code)).lower()
    if not cache.add(f"factor-used:{user.pk}:{digits}", 1, timeout=USED_FOR):
        raise get_adapter().validation_error("incorrect_code")
    return code


class FactorForm(factor.AuthenticateForm):
    code = CodeField(
        label=_("The code from your app"),
        help_text=_("Six digits. No phone at hand? Use one of your recovery codes."),
    )

    def clean_code(self) -> str:
        return _use_once(self.user, super().clean_code())


class FactorAgainForm(factor.ReauthenticateForm):
    code = CodeField(label=_("The code from your app"), help_text=_("Six digits."))

    def clean_code(self) -> str:
        return _use_once(self.user, super().clean_code())


class SetUpForm(totp.ActivateTOTPForm):
    code = CodeField(label=_("The code that the app shows now"), help_text=_("Six digits."))

    def clean_code(self) -> str:
        return _use_once(self.user, super().clean_code())


def _plain(form: forms.Form) -> None:
    """No placeholders: the label stands above the field (ux.md)."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class PortraitForm(forms.Form):
    """One photo; `cleaned_data["picture"]` is the small square that is kept, not the upload."""

    picture = PictureField(
        redrawn,
        label=_("A photo of your face"),
        help_text=_("JPEG, PNG or WebP, up to 10 MB. We make a small square of it."),
    )
