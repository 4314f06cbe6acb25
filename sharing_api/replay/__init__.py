"""Answers made again: what was decided and told then, from what was asked and known then."""
