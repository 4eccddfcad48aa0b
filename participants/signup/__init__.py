"""Arriving: is there a group near me, the sign-up, the waiting list, and the first contact."""
