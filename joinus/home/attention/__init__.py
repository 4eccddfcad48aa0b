"""Groups in figures: what asks attention in which group, and which of it somebody has seen."""
