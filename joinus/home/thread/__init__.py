"""The thread of one person, which needs both what is tried and what was answered."""
