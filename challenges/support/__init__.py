"""Support forms: the named list, what fits, and what was given at a meeting."""
