"""The logbook of a meeting: three fixed parts, talks, conditions, what happened."""
