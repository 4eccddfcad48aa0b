"""When a wave opens, closes or is missed: facts, rule, reasons, reminders and the call after it."""
