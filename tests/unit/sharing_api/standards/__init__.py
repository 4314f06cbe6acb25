"""Tests of the published standards and of what reads them."""
