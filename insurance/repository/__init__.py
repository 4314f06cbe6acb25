"""All SQL of the insurance register."""
