"""The foundation's page about how long what is kept."""
