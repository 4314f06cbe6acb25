"""All SQL of the enterprise register: records, answers, loads."""
