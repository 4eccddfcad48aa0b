"""The file of one stay, and its time line, put together from every app's piece."""
