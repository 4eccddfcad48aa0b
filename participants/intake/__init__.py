"""The first talk: the form, the decision, help elsewhere, and handing over to the group."""
