"""The ground floor: accounts, the map, messages, texts, the log of who looked, and plain tools."""
