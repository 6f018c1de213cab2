"""Files and what is in them: a backend for each format."""
