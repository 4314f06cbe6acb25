"""What cannot be true of one subject in several registers: pure rules, each with its source."""
