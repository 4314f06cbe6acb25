"""All SQL of auditing."""
