"""*Something is not right*: told to a named person outside the group, unseen by its workers."""
