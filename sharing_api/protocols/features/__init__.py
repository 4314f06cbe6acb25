"""OGC API - Features and vector tiles of parcels: the dialect of maps, spoken at the same door.

Part 1 (Core, GeoJSON), Part 2 (coordinate reference systems) and of Part 3 the filters that a
search of the register can answer: conditions that must all hold. What is public is what the
collections are; features and tiles need a token and an agreement.
"""
