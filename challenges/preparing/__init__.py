"""Preparing a meeting: what the two workers have in mind for each person, in their own words."""
