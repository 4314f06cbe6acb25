"""The sharing API: the only door out of the registers, and the only place where they meet.

Legal basis: Law on E-Transactions 20/2023/QH15; Decrees 194/2025/NĐ-CP and 278/2025/NĐ-CP;
personal data under Law 91/2025/QH15. Owner: the operator of the exchange. No register data is
kept here in the clear: agencies, agreements, the access log, links and jobs, and sealed what the
comparison of registers needs (docs/adr/0031).
"""
