"""What is knowingly wrong between the registers, and the list of it.

Everything else in the sample country agrees from register to register, so what a consistency check
or a matching finds is either listed here or a fault of the check. The list follows from size and
seed alone; `./natdb sample inconsistencies` prints it.
"""

from dataclasses import dataclass

from sample_country import draws
from sample_country.draws import Flags, Numbers
from sample_country.firms import Firms
from sample_country.households import REFERENCE_DAY
from sample_country.lives import DEAD, Lives
from sample_country.people import Persons

KINDS = {
    "land.holder_dead": "the holder of a parcel died, and the land register knows nothing of it",
    "land.inheritance_open": "the holder of a parcel died and the inheritance is recorded as open",
    "land.number_mistyped": "two digits of the holder's number are swapped: nobody bears it",
    "land.number_cancelled": "the holder's number was cancelled; the person bears another one now",
    "land.name_unaccented": "the name of the holder is written without its signs",
    "land.firm_ended": "the firm that holds a parcel no longer exists",
    "insurance.paid_after_death": "somebody died, and contributions go on",
    "insurance.employer_ended": "somebody is insured through a firm that no longer exists",
    "insurance.employer_mistyped": "the enterprise code of an employer has a wrong check digit",
    "insurance.two_numbers": "a person has a second number, without the personal number",
    "insurance.birth_swapped": "day and month of birth are swapped",
    "insurance.number_missing": "the personal number of a participant is missing",
    "finance.taxpayer_ended": "a duty was assessed for a firm that no longer exists",
    "finance.taxpayer_dead": "a duty was assessed for somebody who died before",
    "finance.asset_private": "a public asset lies on a parcel that a person holds",
    "finance.asset_unknown": "a public asset lies on a parcel that nobody registered",
}

_TODAY = draws.day_number(REFERENCE_DAY)
_FEWEST, _PERSONS_PER_CASE = 2, 20_000
KNOWN_AFTER = 180  # days after which an office should know of a death


@dataclass(frozen=True)
class Inconsistency:
    """One planted disagreement between two registers.

    Args:
        inconsistency_id: kind and number, the same for the same size and seed.
        kind: one of `KINDS`.
        register, record: where the wrong record is, and its key.
        other_register, other_record: whose record it disagrees with; empty where it has none.
    """

    inconsistency_id: str
    kind: str
    register: str
    record: str
    other_register: str
    other_record: str

    @property
    def meaning(self) -> str:
        """Say in words what is wrong."""
        return KINDS[self.kind]


@dataclass(frozen=True)
class People:
    """Those whom the other registers speak of."""

    persons: Persons
    events: Lives
    all_firms: Firms

    @property
    def cases(self) -> int:
        """Number of cases of each kind in a country of this size."""
        return max(_FEWEST, self.persons.structure.count // _PERSONS_PER_CASE)

    def is_long_dead(self) -> Flags:
        """Tell of each person whether offices should know of the death by now."""
        flags: Flags = (self.events.loss == DEAD) & (self.events.lost_on < _TODAY - KNOWN_AFTER)
        return flags


def number_cases(
    kind: str, records: list[str], other_register: str, others: list[str]
) -> tuple[Inconsistency, ...]:
    """Name the cases of one kind, in the order given."""
    return tuple(
        Inconsistency(
            inconsistency_id=f"{kind}.{number:04d}",
            kind=kind,
            register=kind.partition(".")[0],
            record=record,
            other_register=other_register,
            other_record=other,
        )
        for number, (record, other) in enumerate(zip(records, others, strict=True), start=1)
    )


def pins(numbers: Numbers) -> list[str]:
    """Write personal numbers."""
    return [f"{number:012d}" for number in numbers.tolist()]


def codes(numbers: Numbers) -> list[str]:
    """Write enterprise codes or social insurance numbers."""
    return [f"{number:010d}" for number in numbers.tolist()]
