"""The path of a stay: its phases and who may move it, pauses, another group, the route map."""
