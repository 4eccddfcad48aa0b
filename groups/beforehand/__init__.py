"""What an act about an evening or a place changes beside itself, said before it is done (R-131)."""
