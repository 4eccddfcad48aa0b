"""Where we differ from the library: factors belong to professionals, changes end sessions."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.actors import SignedIn, is_participant
from core.accounts.forms import PortraitForm
from core.accounts.models import User
from core.accounts.portraits import change_portrait, portrait_of, remove_portrait
from core.accounts.signin import end_sessions, is_shared, mark_both_steps, share_device
from core.forms import show

View = Callable[..., Any]


def staff_only(view: View) -> View:
    """Passwords and factors exist for professionals; for others these pages do not.

    A stranger is sent to the professionals' door, and from there not back to here.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) or user.is_participant:
            raise Http404
        page: HttpResponse = view(request, *args, **kwargs)
        return page

    guarded.login_url = "account_login"  # type: ignore[attr-defined]  # for LoginRequiredMiddleware
    guarded.redirect_field_name = ""  # type: ignore[attr-defined]
    return guarded


class SetUpView(totp.ActivateTOTPView):
    """The second step begins: this session took it, all others end."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        user = self.request.user
        end_sessions(user=user, keep=self.request)
        mark_both_steps(self.request, user)
        return response


class ReplaceView(totp.DeactivateTOTPView):
    """Another phone: the old one stops working, and only the set-up page answers until it is on."""

    success_url = reverse_lazy("mfa_activate_totp")

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        end_sessions(user=self.request.user, keep=self.request)
        return response


class ChangePasswordView(account.PasswordChangeView):
    success_url = reverse_lazy("mfa_index")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Who has no password yet chooses one through the mail, as with a forgotten one."""
        if request.user.is_authenticated and not request.user.has_usable_password():
            return redirect("account_reset_password")
        return super().dispatch(request, *args, **kwargs)

    def get_default_success_url(self) -> str:
        return reverse("mfa_index")


class ConfirmCodeView(account.ConfirmLoginCodeView):
    """The code from the mail; on a device that others use too, nothing stays behind."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        if self.request.user.is_authenticated and form.cleaned_data.get("shared"):
            share_device(self.request)
        return response


@method_decorator(login_not_required, name="dispatch")
class SignOutView(account.LogoutView):
    """A young person's browser forgets what it kept; a shared one forgets the cookies as well."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        young, shared = is_participant(self.request.user), is_shared(self.request)
        response: HttpResponse = super().post(*args, **kwargs)
        if shared:
            response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        elif young:
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


confirm_code = ConfirmCodeView.as_view()
sign_out = SignOutView.as_view()


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def portrait(request: SignedIn) -> HttpResponse:
    """Who will call or open the door: the professional's own photo, by the own choice."""
    user = request.user
    form = PortraitForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if request.POST.get("act") == "remove":
            remove_portrait(user=user, by=user)
            messages.success(request, _("Your photo is gone. Your initials stand there now."))
            return redirect("account_portrait")
        if form.is_valid():
            change_portrait(user=user, image=form.cleaned_data["picture"], by=user)
            messages.success(request, _("This is how people see you from now on."))
            return redirect("account_portrait")
    context = {"form": form, "portrait": portrait_of(user)}
    return show(request, "account/portrait.html", context, form)


set_up = staff_only(SetUpView.as_view())
replace = staff_only(ReplaceView.as_view())
security = staff_only(factor.index)
reauthenticate_by_code = staff_only(factor.reauthenticate)
reauthenticate_by_password = staff_only(account.reauthenticate)
recovery_codes = staff_only(recovery.view_recovery_codes)
new_recovery_codes = staff_only(recovery.generate_recovery_codes)
keep_recovery_codes = staff_only(recovery.download_recovery_codes)
change_password = staff_only(ChangePasswordView.as_view())
