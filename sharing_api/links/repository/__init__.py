"""All SQL of links."""
