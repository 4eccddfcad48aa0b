"""What every action on a stay starts with: its lock, its holds, and *send nothing more*."""
