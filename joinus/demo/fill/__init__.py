"""Many invented people at once: rows as the actions leave them, printed from a few stencils."""
