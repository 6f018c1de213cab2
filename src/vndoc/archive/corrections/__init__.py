"""What people have confirmed, as pairs that ``training.corrections`` learns from: what was read, what is true.

::

    pairs      what stands in pairs.jsonl        slots      blanks of the form: the ink, and what it says
    words      words, values and lines           export     from an archive into a folder
"""
