"""A row of the 49-column clean-up form, and what a load of such a form leaves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from land.values.kinds import HolderRole
from land.values.parcels import LandUse
from land.values.parties import Party

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row that was understood.

    Args:
        line: of the file.
        cells: as read, by the names of the mapping; nothing of them is lost, empty ones are out.
        parcel_id: name of the parcel, the same for all rows of it and for every load.
        issued_on: day of the certificate; None where the cell is not a day.
        flags: stable codes of what was normalised or stays in doubt.
    """

    line: int
    cells: Cells
    parcel_id: str
    party: Party
    name: str
    role: HolderRole
    birth_date: str | None
    area_m2: Decimal
    uses: tuple[LandUse, ...]
    issued_on: date | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormOutcome:
    """What became of the rows of one parcel.

    Args:
        outcome: inserted, unchanged or refused.
        rule, reason: why it was refused, else empty.
        warnings: rules of what the register recorded with a doubt.
    """

    parcel_id: str
    outcome: str
    rule: str = ""
    reason: str = ""
    warnings: tuple[str, ...] = ()
