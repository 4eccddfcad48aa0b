"""A stay is closed: what ends with it and what comes after, before and after the press."""
