"""Tags of the evening sheet."""
