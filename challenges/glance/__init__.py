"""Challenge and last talk of each person at a glance, for the group's page and the file."""
