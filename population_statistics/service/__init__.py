"""What may be done to the population statistics register; nothing commits here."""

from population_statistics.service import annulments, publications, vintages

annul_change = annulments.annul_change
register_publication = publications.register_publication
list_budgets = publications.list_budgets
list_vintages = vintages.list_vintages
get_vintage = vintages.get_vintage
list_figures = vintages.list_figures
compute_again = vintages.compute_again
COUNT_TABLES = publications.COUNT_TABLES
BEFORE = publications.BEFORE
year_before = publications.year_before

__all__ = [
    "BEFORE",
    "COUNT_TABLES",
    "annul_change",
    "compute_again",
    "get_vintage",
    "list_budgets",
    "list_figures",
    "list_vintages",
    "register_publication",
    "year_before",
]
