"""Recall: who was told a value that was wrong is found from the access log, and gets a notice.

Corrections are read from the feed of changes through the corridor; what an earlier answer told is
read again as of its state. Only who was told what was wrong is notified (docs/adr/0049).
"""
