"""The young person: the account, the own details, and a code that a worker hands over."""
