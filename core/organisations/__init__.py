"""The map of the programme: regions, towns, organisations, groups, and how long what is kept."""
