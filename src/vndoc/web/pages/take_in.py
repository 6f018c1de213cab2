"""Taking documents in: a form for files, and how far those are read that came last."""
