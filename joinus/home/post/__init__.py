"""Messages that a person must handle: ready texts to send by hand, and dead letters."""
