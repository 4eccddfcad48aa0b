"""Preparing a meeting: who tries what, a role for each, and one tap to log it afterwards."""
