"""All SQL of the population statistics register."""
