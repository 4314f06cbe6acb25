"""Decisions of law on values of the enterprise register; pure."""
