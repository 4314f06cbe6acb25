"""The population register: persons, residence, households, kinship and life events.

Legal basis: Law on Identity 26/2023/QH15 art. 9 (what is recorded), Law on Residence 68/2020/QH14,
Law on Marriage and Family 52/2014/QH13, Decree 70/2024/NĐ-CP.
Owner: Ministry of Public Security (G01).
Not here: biometrics, occupation and electronic identity (the identity database has them),
statistics of the population, facts of other registers.
"""
