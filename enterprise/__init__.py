"""The national database on enterprise registration.

What is recorded: enterprises, their names, head offices, industry lines, capital, representatives,
owners, control by other means, legal status, dependent units, predecessors and successors.
Legal basis: Law on Enterprises 59/2020/QH14 as amended by Law 76/2025/QH15; Decree 168/2025/NĐ-CP.
Owner: Ministry of Finance (G12; until 2025 the Ministry of Planning and Investment, G05).
Not here: tax duties (finance), facts of persons beyond what the registration file says
(population), land rights of enterprises (land).
"""
