"""The one door to the outside: outbox, safe contact, quiet hours, ready texts, dead letters."""
