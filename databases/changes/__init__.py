"""The ledger of numbered changes, versioned tables and as-of reading (architecture, first idea)."""
