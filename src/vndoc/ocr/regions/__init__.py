"""Regions of a page that are read by themselves: stamps, coloured text, print that the first reading missed."""
