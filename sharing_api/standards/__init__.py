"""The published standards in use: catalogue, validation, and the JSON and XML forms of messages."""
