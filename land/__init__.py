"""The national land database.

What is recorded: parcels, parties, rights, restrictions, responsibilities, mortgages, certificates,
sources, buildings and apartments as legal spaces, and which parcels came from which.
Legal basis: Law on Land 31/2024/QH15; Decree 101/2024/NĐ-CP; profile of ISO 19152 (LADM).
Owner: Ministry of Agriculture and Environment (G10; until 2025 the Ministry of Natural Resources
and Environment, G13).
Not here: facts of persons beyond who holds a right (population), enterprises (enterprise), land-use
fees and taxes (finance).
"""
