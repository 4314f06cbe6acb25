"""All SQL of the worklist."""
