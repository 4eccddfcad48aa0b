"""A person, a group or an organisation by a part of the name, from every page (R-373)."""
