"""What the two workers think lies under the behaviour, and what the talk made of it."""
