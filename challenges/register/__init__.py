"""The challenges of a young person: chosen, made small, practised, shared, ended."""
