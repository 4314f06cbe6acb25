"""The refusals of the population statistics register."""

from databases import errors


class CountsIncomplete(errors.Invalid):
    """A table of counts that the computation needs is missing or has other columns."""

    code = "population_statistics.counts_incomplete"


class TooFewPersons(errors.Refused):
    """A table holds small cells and none large enough to hide them behind.

    Args:
        areas: of the cells, at least one.
    """

    code = "population_statistics.too_few_persons"

    def __init__(self, *areas: str) -> None:
        super().__init__("The country is too small for its figures to be published.")
        self.areas = areas


class ReferenceDaysTooClose(errors.Refused):
    """Two days of counting lie so close that their difference would show single events."""

    code = "population_statistics.reference_days_too_close"


class NothingPublished(errors.NotFound):
    """No figures are published for the period."""

    code = "population_statistics.nothing_published"


class FormerCountsNotKept(errors.Conflict):
    """A day was published by rules that kept no counts: a new vintage could tell what changed."""

    code = "population_statistics.former_counts_not_kept"


class VintageNotFound(errors.NotFound):
    """The day of counting has no vintage of that number."""

    code = "population_statistics.vintage_not_found"
