"""All SQL of the land register."""
