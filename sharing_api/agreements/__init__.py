"""Agencies, their systems' credentials, agreements, and the pure decision on a question."""
