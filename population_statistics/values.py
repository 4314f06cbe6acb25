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
RULE_VERSION = "1"


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
# cell → what is added to it, times any whole number up to the smallest cell that may be published.
Witness = Mapping[Cell, int]


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
        witnesses: by table; kept, because later vintages must respect them.
        budgets: one for each table.
    """

    reference_day: date
    figures: tuple[Figure, ...]
    witnesses: Mapping[str, tuple[Witness, ...]]
    budgets: tuple[Budget, ...]

    @property
    def period(self) -> str:
        """The year that the figures are of."""
        return str(self.reference_day.year)
