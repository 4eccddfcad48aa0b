"""The person and the stay: sign-up, first talk, consent, the way through, leaving, own rights."""
