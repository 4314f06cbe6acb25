"""The access log: entries, their order, receipts, proofs, and the auditor's questions."""
