"""Support forms: the named list, what was used with whom at which meeting, and how it lessens."""
