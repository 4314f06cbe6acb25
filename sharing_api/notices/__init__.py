"""Notices to agencies: what they must know of, and whether they have acknowledged it."""
