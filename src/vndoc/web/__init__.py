"""The archive in a browser and over HTTP: a person checks what the machine doubts, programs ask and are told.

Needs the extra ``vndoc[web]``. Nothing imports this package but the command that serves it.
"""
