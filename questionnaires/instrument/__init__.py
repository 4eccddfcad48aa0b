"""The 22 items, word for word, from one data file."""
