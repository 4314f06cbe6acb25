"""The corridor: the only way out of the registers, one file per station, each taking many.

1 caller · 2 request · 3 decision · 4 fetch · 5 minimise · 6 standard · 7 log · 8 receipt; the whole
path is read in `corridor.py`.
"""
