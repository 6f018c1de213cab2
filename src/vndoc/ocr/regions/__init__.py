"""Regions of a page that are read by themselves: stamps, coloured text, print that the first reading missed.

Proposers (``arrival_stamp``, ``urgency_stamp``, ``coloured_text``, ``sealed_lines``) yield regions and
say which readings of theirs they accept; ``region`` reads regions and places their words back on the page; ``merging``
makes one reading of two; ``thresholds`` says what confidences mean. ``vndoc.ocr.recognition`` has the order of it all.
"""
