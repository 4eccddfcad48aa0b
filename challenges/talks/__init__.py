"""A talk about a challenge: what it is for, what was said, and what is proposed after it."""
