"""Django's admin, for reference data only and behind the same doors as everything else.

Somebody who may not administer finds nothing here: not even that it exists.
"""

from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeAlias

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from core.accounts.signin import took_both_steps


class ReferenceSite(admin.AdminSite):
    """No sign-in, sign-out or password page of its own; only models registered by name."""

    site_header = site_title = _("Join Us reference data")
    final_catch_all_view = False

    def get_urls(self) -> list[Any]:
        """A stranger is sent to the professionals' door; the site has none of its own."""
        found = super().get_urls()
        for pattern in found:
            for page in getattr(pattern, "url_patterns", [pattern]):
                view = page.callback
                getattr(view, "__func__", view).login_url = reverse_lazy("account_login")
        return found

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return bool(user.is_active and user.is_staff and took_both_steps(request))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inside = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if self.has_permission(request):
                return inside(request, *args, **kwargs)
            return self._away(request)

        return update_wrapper(guarded, view)

    def _away(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.get_full_path(), reverse("account_login"))

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("admin:index") if self.has_permission(request) else self._away(request)

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_change_password")


site = ReferenceSite(name="admin")


if TYPE_CHECKING:  # generic in the stubs only
    _ModelAdmin: TypeAlias = admin.ModelAdmin[Model]
else:
    _ModelAdmin = admin.ModelAdmin


class ReferenceAdmin(_ModelAdmin):
    """Whoever may open the site may edit its reference data; nothing is deleted."""

    def get_urls(self) -> list[Any]:
        return [url for url in super().get_urls() if url.name]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(ReferenceAdmin):
    """To look at; written by an action elsewhere."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
