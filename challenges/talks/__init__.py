"""The aim of the next talk, and the evaluation of a challenge in it."""
