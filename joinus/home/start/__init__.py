"""The start page of each: the young person, the worker, and who looks after groups."""
