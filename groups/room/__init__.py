"""The group's room: the closed forum of one group, and who is in the group chat."""
