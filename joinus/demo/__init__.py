"""The door at /demo/ and the runner of `make demo`. Production refuses to start with it."""
