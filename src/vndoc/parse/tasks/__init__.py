"""Duties: who must do what, by when, and to whom to report."""
