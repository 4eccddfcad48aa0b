"""How a group is doing: one reason and one next step for each sign."""
