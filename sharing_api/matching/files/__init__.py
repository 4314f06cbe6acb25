"""Matching a steward's file: from the file and its mapping to pairs, groups and a report."""
