"""The challenges that young people chose, and who may read them."""
