"""vndoc's own reader of printed lines: lines are found by their letters, brought to one size, and read by a network."""
