"""SDMX (ISO 17369, TCVN 7981): statistics for the tools of statisticians, in versions 2.1 and 3.0.

Structures are public metadata. Data are questions about `population_statistics/observation` that
pass the corridor as every other question does.
"""
