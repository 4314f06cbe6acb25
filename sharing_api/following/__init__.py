"""Following registers: what is kept of them, sealed, and how far each dataset is read.

Work that compares whole registers reads all of a dataset once and then what changed since; what it
keeps meanwhile nobody can read who has the database alone (docs/adr/0030, 0031).
"""
