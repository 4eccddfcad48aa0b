"""The plan of a year: 26 meetings, holidays named and left out, and calendars to subscribe to."""
