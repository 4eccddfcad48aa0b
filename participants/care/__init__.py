"""Keeping in touch on the way: contact attempts, a worry, care concerns, a stop that is heard."""
