"""Timestamps of checkpoints by authorities outside (RFC 3161), docs/adr/0057."""
