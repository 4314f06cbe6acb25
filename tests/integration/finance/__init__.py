"""Tests of the finance register on a real PostgreSQL."""
