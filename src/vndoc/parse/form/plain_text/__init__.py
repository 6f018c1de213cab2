"""Lines of plain text, put back as they were printed."""
