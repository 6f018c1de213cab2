"""From garbled readings to the text that was printed."""
