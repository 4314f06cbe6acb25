"""The national database on insurance.

What is recorded: participants, their numbers, spells of participation, contribution months,
household cover, health cards, facilities, employers, benefit decisions.
Legal basis: Law on Social Insurance 41/2024/QH15; Law on Health Insurance; Decree 164/2025/NĐ-CP.
Owner: Ministry of Finance (G12; until 2025 Viet Nam Social Security, G24).
Not here: facts of persons beyond what insurance needs (population), employers as enterprises
(enterprise), treatment records.
"""
