"""Practising a challenge: how it went, where, what was dared; in the participant's own words."""
