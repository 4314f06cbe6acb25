"""Verifies the access log from its rows; a program apart, which shares no code with what writes it.

It knows the log by docs/log-format.md alone, trusts no stored hash, and holds the public keys and
kept checkpoints that it is given against what it reads.
"""
