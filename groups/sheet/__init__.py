"""Tonight's sheet: who was there, saved per tap, with undo and correction."""
