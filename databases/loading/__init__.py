"""Loading files: read, type and validate, stage, merge in one change, report; nothing gets lost."""
