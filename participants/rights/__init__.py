"""Rights over own data: seeing it, a package, a correction, erasure; and how long it is kept."""
