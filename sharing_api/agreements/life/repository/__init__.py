"""All SQL of the life of agreements."""
