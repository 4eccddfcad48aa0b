"""The steps of the sweep: each stands alone, runs once at a time, and counts what fails."""
