"""Learning from what an office has confirmed: ``python -m training.corrections EXPORT --out MODELS``.

``EXPORT`` is a folder that ``vndoc export-corrections`` has written. A model is taken only where it reads corrections
that were kept out better, and loses nothing of what it knew: docs/learning.md.
"""
