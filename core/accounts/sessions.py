"""Sessions in the database, asked only for keys that this house can have given out."""

from typing import Any

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """A forged cookie is a visitor without a session, never an error of the database.

    A quoted cookie can carry a NUL, which PostgreSQL refuses with an exception (trust.md 14).
    """

    def _validate_session_key(self, key: Any) -> bool:
        valid = super()._validate_session_key(key)  # type: ignore[misc]
        return bool(valid and key.isascii() and key.isalnum())
