"""What youth workers saw: a line to remember, and the ABC of a situation."""
