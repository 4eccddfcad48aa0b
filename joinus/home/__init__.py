"""Pages that combine several apps, what waits for somebody, and what time makes due."""
