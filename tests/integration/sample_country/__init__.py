"""The sample country beside real registers."""
