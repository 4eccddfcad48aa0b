"""Who can sign in, with which role, and how far each permission reaches."""
