"""What the workers of the own group think lies under the behaviour, and what the talk made of it."""
