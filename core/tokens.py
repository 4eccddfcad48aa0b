"""Secrets that travel in links: 256 random bits outside, only a keyed hash inside (trust.md 6)."""

import secrets

from core.encryption import keyed_hash


def new_token() -> str:
    """43 URL-safe characters, 256 bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str, purpose: str) -> bytes:
    """32 bytes to store and look up; the token itself is never kept."""
    return keyed_hash(token, f"token:{purpose}")
