"""What the law decides about budgets, taxes and public assets. Pure."""
