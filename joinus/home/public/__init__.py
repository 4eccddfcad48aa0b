"""Pages for everybody: how it works, for parents, for professionals, privacy."""
