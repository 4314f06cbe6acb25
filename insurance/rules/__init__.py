"""What the law decides about the insurance register. Pure."""
