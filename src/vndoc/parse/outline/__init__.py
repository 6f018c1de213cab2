"""The numbered sections of the body."""
