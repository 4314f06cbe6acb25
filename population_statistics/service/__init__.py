"""What may be done to the population statistics register; nothing commits here."""

from population_statistics.service import annulments, publications

annul_change = annulments.annul_change
register_publication = publications.register_publication
list_budgets = publications.list_budgets
COUNT_TABLES = publications.COUNT_TABLES
BEFORE = publications.BEFORE
year_before = publications.year_before

__all__ = [
    "BEFORE",
    "COUNT_TABLES",
    "annul_change",
    "list_budgets",
    "register_publication",
    "year_before",
]
