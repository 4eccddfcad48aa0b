"""How people come in: allauth, the second factor, sessions and their limits (trust.md 5)."""

AUTHENTICATION_BACKENDS = ["core.accounts.backend.PasswordOfStaff"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"core.accounts.passwords.{name}", "OPTIONS": options}
    for name, options in (
        ("NotOneself", {"user_attributes": ("email", "name")}),
        ("LongEnough", {"min_length": 12}),
        ("NotCommon", {}),
    )
]
LOGIN_URL = "account_request_login_code"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60  # also the life of an invitation

ACCOUNT_ADAPTER = "core.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the code or the invitation proves the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_TIMEOUT = 20 * 60
ACCOUNT_FORMS = {
    "login": "core.accounts.forms.PasswordForm",
    "request_login_code": "core.accounts.forms.AskCodeForm",
    "confirm_login_code": "core.accounts.forms.CodeForm",
    "reset_password": "core.accounts.forms.ForgottenForm",
    "reset_password_from_key": "core.accounts.forms.NewPasswordForm",
    "change_password": "core.accounts.forms.ChangePasswordForm",
    "reauthenticate": "core.accounts.forms.PasswordAgainForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/300s/key",
    "request_login_code": "20/m/ip,4/m/key,15/h/key",
    "confirm_login_code": "60/m/ip,10/900s/key",
    # Who is there, behind a shared mailbox: whoever comes here has read its mail (ADR 0023).
    "say_who": "30/m/ip,20/d/key",
    # Another address to sign in with: codes asked for by one account, guesses at one of them.
    "new_address": "4/m/key,10/d/key",
    "new_address_code": "5/900s/key",
    "reset_password": "20/m/ip,5/m/key",
    # A code from a youth worker: 8 of 31 signs for ten minutes; a group behind one address fits.
    "one_time_code": "30/m/ip,200/h/ip",
    # Public forms: room for a class behind one address, none for a machine.
    "check": "60/m/ip",
    "sign_up": "40/m/ip,200/h/ip",
    "interest": "20/m/ip,100/h/ip",
    "search": "120/m/user",  # typing: far more than a hand does, too little to list a region
    # A calendar program asks every quarter of an hour; a wrong secret is as good as none.
    "calendar_feed": "120/m/ip,60/h/key",
    "calendar_address": "20/h/user",
    "turned_away": "10/m/ip,60/h/ip",  # beyond this a refusal is answered, but not counted
}

MFA_ADAPTER = "core.accounts.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an invitation already proved it
MFA_TOTP_ISSUER = "Join Us"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "core.accounts.forms.FactorForm",
    "reauthenticate": "core.accounts.forms.FactorAgainForm",
    "activate_totp": "core.accounts.forms.SetUpForm",
}

SESSION_ENGINE = "core.accounts.sessions"
# Sessions: seconds without a click, and seconds in all. Drafts are kept on the server.
SESSION_IDLE = {"staff": 30 * 60, "participant": 14 * 24 * 60 * 60, "shared": 10 * 60}
SESSION_WHOLE = {"staff": 12 * 60 * 60, "participant": 60 * 24 * 60 * 60, "shared": 2 * 60 * 60}
ONE_TIME_CODE_SECONDS = 10 * 60
SESSION_COOKIE_AGE = max(SESSION_WHOLE.values())
CSRF_FAILURE_VIEW = "core.denied.csrf_failed"
