"""Links between registers: which of their records are one person or one enterprise.

Whole registers are read through the corridor, once and then what changed; what is compared is kept
sealed. A link holds how alike two records are and what was decided of it, and no value of theirs:
whoever looks at one asks the registers again and leaves an entry for each (docs/adr/0037).
"""
