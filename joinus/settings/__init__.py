"""What differs between production, development, the demo and the suite."""
