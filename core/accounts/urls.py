"""`inloggen/`: the library's names (it reverses them itself) on our own addresses, nothing else.

No sign-up, no change of address, no link that signs in: those pages do not exist. The library
marks its sign-in pages as open to strangers itself; `tests/house` lists what is.
"""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from django.urls import path, re_path

from core.accounts import one_time_views, views

urlpatterns = [
    path("", account.request_login_code, name="account_request_login_code"),
    path("code/", views.confirm_code, name="account_confirm_login_code"),
    path("wie-ben-je/", views.say_who, name="account_say_who"),
    path("met-code/", one_time_views.one_time_code, name="account_one_time_code"),
    path("met-code/<page:page>/", one_time_views.scanned_code, name="account_scanned_code"),
    path("q/<str:token>/", one_time_views.one_time_link, name="account_one_time_link"),
    path("begeleiders/", account.login, name="account_login"),
    path("begeleiders/tweede-stap/", factor.authenticate, name="mfa_authenticate"),
    path("uit/", views.sign_out, name="account_logout"),
    path("wachtwoord/", account.password_reset, name="account_reset_password"),
    path("wachtwoord/verstuurd/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^wachtwoord/nieuw/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        views.new_password,
        name="account_reset_password_from_key",
    ),
    path(
        "wachtwoord/klaar/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("wachtwoord/wijzigen/", views.change_password, name="account_change_password"),
    path("nog-even/", views.reauthenticate_by_password, name="account_reauthenticate"),
    path("nog-even/code/", views.reauthenticate_by_code, name="mfa_reauthenticate"),
    path("foto/", views.portrait, name="account_portrait"),
    path("beveiliging/", views.security, name="mfa_index"),
    path("beveiliging/instellen/", views.set_up, name="mfa_activate_totp"),
    path("beveiliging/ander-toestel/", views.replace, name="mfa_deactivate_totp"),
    path("beveiliging/herstelcodes/", views.recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "beveiliging/herstelcodes/nieuw/",
        views.new_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "beveiliging/herstelcodes/bewaren/",
        views.keep_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
