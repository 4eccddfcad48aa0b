"""One page per participant: from what was seen to what worked, on one time axis."""
