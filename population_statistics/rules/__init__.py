"""What the law decides about the population statistics register. Pure."""
