"""Parents: the question to them and their answer, their details, and a home that is not asked."""
