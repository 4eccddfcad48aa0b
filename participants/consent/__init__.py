"""Whose yes a stay needs, and the yes that a young person gives."""
