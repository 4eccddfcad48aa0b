"""What youth workers of the own group saw: the ABC of a situation, and a line to remember."""
