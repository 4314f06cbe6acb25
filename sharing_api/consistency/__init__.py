"""The worklist between registers: what they say of one subject and cannot all be true.

Whole registers are read through the corridor; what bears on a comparison is kept, sealed, so that
the next night reads only what changed. Findings hold no values: whoever looks at one asks the
registers again, under the agreement, and leaves an entry for each person (docs/adr/0030, 0031).
"""
