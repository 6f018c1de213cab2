"""The page image made ready for reading. Pure functions on arrays."""
