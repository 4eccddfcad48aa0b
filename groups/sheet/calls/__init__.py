"""Ringing who has not arrived, from the row on the sheet."""
