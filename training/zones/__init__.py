"""Weights of the head's zones (``parse/data/zones.json``), learned from made forms and from labelled documents.

``python -m training.zones --texts FOLDER [--documents FOLDER …] --output zones.json`` makes forms of many offices, each
with a layout of its own, adds the heads of documents whose truth is known, and moves the weights as little as these
ask for. ``--report`` prints how many pieces are right on offices left out.
"""
