"""The one way a rule says no; one place per surface turns it into a form error or JSON."""


class RuleBroken(Exception):
    """A rule of the programme forbids this. `message` is translated and says what to do instead.

    `code` is stable for programs and tests; `field` names the form field it belongs to, if any.
    """

    def __init__(self, message: str, code: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = str(message)
        self.code = code
        self.field = field


class NotYours(RuleBroken):
    """The object is visible to this user but this act is not theirs (403 with a reason)."""
