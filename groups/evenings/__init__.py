"""The evenings: planned, changed and cancelled; *I can't come*; the first one and the last one."""
