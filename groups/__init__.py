"""What happens in a group: places, evenings, attendance and goodbyes."""
