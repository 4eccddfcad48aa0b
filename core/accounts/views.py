"""Where we differ from the library: factors belong to professionals, changes end sessions."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.userkit import user_id_to_str
from allauth.account.mixins import NextRedirectMixin
from allauth.account.stages import LoginByCodeStage
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
from django.views.generic import FormView

from core.accounts import ways_in
from core.accounts.actors import SignedIn, is_participant
from core.accounts.forms import PortraitForm, WhoForm
from core.accounts.limits import within
from core.accounts.models import User
from core.accounts.portraits import change_portrait, portrait_of, remove_portrait
from core.accounts.signin import end_sessions, is_shared, mark_both_steps, share_device
from core.forms import show

View = Callable[..., Any]
#: In the state of a sign-in: the code was right. And how many wrong birth dates end it.
PROVED = "proved"
WRONG_DATES = 2


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
    """The code from the mail; on a device that others use too, nothing stays behind.

    Whose account it opens is asked of `ways_in` at this moment. Where that is not sure yet, the
    code is used up and the page that asks who is there comes first.
    """

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if PROVED in self._process.state:
            return redirect(self.passthrough_next_url(reverse("account_say_who")))
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def _verify_form_valid(self, form: Any) -> HttpResponse:
        state, shared = self._process.state, form.cleaned_data.get("shared")
        address = state.get("email", "")
        user = None if ways_in.asks_who(address) else ways_in.behind(address)
        if user is None:
            state |= {"code": "", PROVED: True, "shared": bool(shared)}
            self._process.persist()
            return redirect(self.passthrough_next_url(reverse("account_say_who")))
        return come_in(self.request, self._process, user, self.get_next_url(), shared=bool(shared))


class SayWhoView(NextRedirectMixin, FormView):  # type: ignore[type-arg]
    """Behind a mailbox of more than one: the code was right, now who is it? By birth date.

    Two wrong dates end the attempt, and a mailbox has so many a day. A wrong date and one that is
    not of one person only read the same; nobody reads who else is there.
    """

    form_class = WhoForm
    template_name = "account/say_who.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.process = LoginCodeVerificationProcess.resume(request._login_stage)  # type: ignore[attr-defined]
        if self.process is None or PROVED not in self.process.state:
            return redirect("account_request_login_code")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        process, address = self.process, self.process.state.get("email", "")
        if within(self.request, "say_who", address):
            user = ways_in.behind(address, form.cleaned_data["born"])
            if user is not None:
                shared = process.state.get("shared", False)
                return come_in(self.request, process, user, self.get_next_url(), shared=shared)
            wrong = process.state["wrong"] = process.state.get("wrong", 0) + 1
            if wrong < WRONG_DATES:
                process.persist()
                form.add_error("born", _("We do not find you with this date. Look once more."))
                return self.form_invalid(form)
        process.abort()
        messages.error(
            self.request,
            _("You cannot sign in this way now. Ask your youth worker for a code."),
        )
        return redirect("account_request_login_code")

    def form_invalid(self, form: Any) -> HttpResponse:
        return show(self.request, self.template_name, self.get_context_data(form=form), form)


def come_in(
    request: HttpRequest,
    process: LoginCodeVerificationProcess,
    user: User,
    url: str | None,
    *,
    shared: bool,
) -> HttpResponse:
    """Sign in as `user`, whoever the code was made out to: they share the mailbox."""
    process.state["user_id"] = user_id_to_str(user)
    process._user = user
    response: HttpResponse = process.finish(url)
    if shared and request.user.is_authenticated:
        share_device(request)
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


@method_decorator(login_not_required, name="dispatch")
class NewPasswordView(account.PasswordResetFromKeyView):
    """The page says whose password it is to the browser that keeps it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = getattr(self, "reset_user", None)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"address": user.email if user else ""}


new_password = NewPasswordView.as_view()
confirm_code = ConfirmCodeView.as_view()
say_who = login_stage_required(
    stage=LoginByCodeStage.key, redirect_urlname="account_request_login_code"
)(SayWhoView.as_view())
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
