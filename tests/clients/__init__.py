"""Clients of the fields, unchanged, that read the exchange."""
