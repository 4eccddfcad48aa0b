"""Who knows whom: whoever knows the young person or the family stays out."""
