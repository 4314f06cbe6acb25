"""Tests of OGC API - Features."""
