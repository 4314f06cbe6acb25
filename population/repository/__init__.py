"""All SQL of the population register, a file per trade."""
