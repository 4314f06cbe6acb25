"""Unit tests of the catalogue in DCAT."""
