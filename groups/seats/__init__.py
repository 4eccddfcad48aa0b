"""Who has a place in the group: getting to know it, a trial, the seat, who waits."""
