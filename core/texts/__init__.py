"""Published wordings: versioned, hashed, and never changed once people agreed to them."""
