"""Who opened whose record, written in the same transaction, and the person's own view of it."""
