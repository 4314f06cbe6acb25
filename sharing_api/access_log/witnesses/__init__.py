"""Witnesses: programs of other agencies whose cosignatures stand under the log's checkpoints."""
