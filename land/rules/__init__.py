"""What the law decides about land: areas, shares, acts, certificates, coordinates. Pure."""
