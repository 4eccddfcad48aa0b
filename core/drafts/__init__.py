"""What is typed and not yet saved: kept sealed for who typed it, and shown again (R-339, R-340)."""
