"""The tables of a document, typed: over all their pages, with their heads, and kept out of the running text."""
