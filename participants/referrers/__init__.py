"""Schools and referrers: the register, the yes to tell them, and what they are told."""
