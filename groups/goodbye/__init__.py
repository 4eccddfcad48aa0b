"""Goodbye from the group: agreed beforehand, closed, taken back, or *I want to stop*."""
