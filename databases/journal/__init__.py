"""The append-only Merkle log: hashing and proofs, signed checkpoints, and their tables.

`tree` is the mathematics of RFC 6962 and RFC 9162, `tiles` says where a hash is stored, `notes` is
the text of a checkpoint and its signatures; `tables`, `repository` and `store` are the log in
PostgreSQL.
"""
