"""The demo world: played through the real actions on a travelled clock, never written as rows."""
