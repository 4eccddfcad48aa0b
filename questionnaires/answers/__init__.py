"""Answering a wave, and who reads the answers over time."""
