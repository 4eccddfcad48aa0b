"""Pages of the room of a group, and of its chat."""
