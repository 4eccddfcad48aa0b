"""Licences of organisations, and what follows from them for their groups."""
