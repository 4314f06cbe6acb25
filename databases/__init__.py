"""What every register is made of: settings, sessions, the ledger of changes, loading, code lists.

Nothing here knows a register, HTTP or a terminal.
"""
