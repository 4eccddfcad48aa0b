"""Leaving well: the talk, the parents, exceptions with the coordinator, and aftercare."""
