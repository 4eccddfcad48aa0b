"""The pages of choosing: a young person's own, and those of who may follow them."""
