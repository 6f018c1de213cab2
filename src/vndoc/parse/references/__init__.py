"""Cited documents: every one once, with its mentions, its parts and what is done with it."""
