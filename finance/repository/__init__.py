"""All SQL of the finance register."""
