"""What the workers of a group think lies under the behaviour, and what the talk made of it."""
