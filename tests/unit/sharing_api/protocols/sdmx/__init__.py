"""Unit tests of the SDMX door."""
