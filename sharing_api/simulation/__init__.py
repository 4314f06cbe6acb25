"""Simulation before signature: what a version would have answered to the questions of the log."""
