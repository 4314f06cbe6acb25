"""Maps at the door: features, tiles, files."""
