"""What goes in and out of the population statistics register."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

Cell = tuple[str, ...]
Counts = Mapping[Cell, int]

ALL = "_T"
UNKNOWN = "_U"
NATION = "VN"
POPULATION = "POPULATION"
INDICATORS = "POPULATION_INDICATORS"
# Rules of computation and of protection; a change of either is another version.
RULE_VERSION = "2"


@dataclass(frozen=True, slots=True)
class CountTable:
    """A table of counts as the population register gives it.

    Args:
        columns: names of the dimensions.
        counts: cell → persons or events; cells that are not there are empty.
    """

    columns: tuple[str, ...]
    counts: Counts


@dataclass(frozen=True, slots=True)
class Source:
    """Where counts came from.

    Args:
        population_change: last change of the population register that they know of.
        receipt: entry of the access log under which they were got.
    """

    population_change: int
    receipt: str


# Another content of a table that nobody who reads what is published can tell from the true one:
# cell → what is added to it. The cell that it protects comes first.
Witness = Mapping[Cell, int]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a published table so that later vintages do not undo its protection.

    Args:
        counts: by cell, areas joined, as the figures were made of them.
        witnesses: they go on being respected.
        provinces, country: areas that are joined, see the rules of tables.
    """

    counts: Counts
    witnesses: tuple[Witness, ...]
    provinces: frozenset[str] = frozenset()
    country: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure, or the place of one that is not.

    Args:
        flow, ref_area, indicator, sex, age, urbanisation, marital_status, ethnicity: see the fields
            of the dataset `observation`.
        value: decimal number; None where it is suppressed or undefined.
        status: A normal, B break in the series, Q suppressed, M undefined.
    """

    flow: str
    ref_area: str
    area_version: str
    indicator: str
    sex: str
    age: str
    urbanisation: str
    marital_status: str
    ethnicity: str
    unit: str
    decimals: int
    value: str | None
    status: str


@dataclass(frozen=True, slots=True)
class Budget:
    """How much detail of a table is published; auditors see it.

    Args:
        table: name of the table of counts.
        cells: cells that are not empty.
        small: those below the smallest number that may be published.
        witnesses: ways in which the table could be otherwise for all that is published.
        figures: figures that were asked of the table.
        suppressed: those of them that are not published.
    """

    table: str
    cells: int
    small: int
    witnesses: int
    figures: int
    suppressed: int


@dataclass(frozen=True, slots=True)
class Publication:
    """What one computation publishes.

    Args:
        reference_day: day on which the population was counted.
        figures: all of them, with those suppressed.
        kept: by table, for later vintages.
        budgets: one for each table.
    """

    reference_day: date
    figures: tuple[Figure, ...]
    kept: Mapping[str, Kept]
    budgets: tuple[Budget, ...]

    @property
    def period(self) -> str:
        """The year that the figures are of."""
        return str(self.reference_day.year)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown in the place of a figure.

    Args:
        value: decimal number; None where it is suppressed or undefined.
        status: as of `Figure`.
    """

    value: str | None
    status: str


@dataclass(frozen=True, slots=True)
class Vintage:
    """A vintage of a day of counting, and what its figures are made of.

    Args:
        vintage: 1 for the first one.
        change: of the statistics register, by which it was published.
        rule_version: of the rules of computation and protection.
        population_change: last change of the population register that was counted.
        source_receipt: entry of the access log of the counts.
        budgets: how much detail of each table it published.
    """

    vintage: int
    change: int
    rule_version: str
    population_change: int
    source_receipt: str
    budgets: tuple[Budget, ...]
