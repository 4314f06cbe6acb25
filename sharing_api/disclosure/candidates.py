"""Part of station 4, who may be meant: the index says whom to look at, the register what holds.

The index may lag behind the register by a moment. Therefore whoever it names is read in the
register and compared again, with the values of the state that the answer names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.orm import Session

from databases.datasets import Dataset
from sharing_api import errors
from sharing_api.agreements.values import MatchingTerms

_MORE = 40  # records that are looked at beyond those that may be told: some lie out of reach
_LEEWAY = 0.2  # of the least probability: what the register says may weigh more than the index


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike one field of the question and of the record are.

    Args:
        bits: what it adds to the weight.
    """

    field: str
    level: str
    bits: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a record may be meant.

    Args:
        weight: in bits: odds of 2^weight; the sum of the others.
        probability: that the record is meant, from 0 to 1.
        prior: bits of any two records.
        dependence: bits taken off for fields that go together.
        fields: of the question.
    """

    weight: float
    probability: float
    prior: float
    dependence: float
    fields: tuple[Likeness, ...]


class Finder(Protocol):
    """Finds candidates by likeness."""

    model: str
    """Version of the likeness."""

    def find_keys(
        self, session: Session, dataset: str, given: Mapping[str, str], *, most: int, least: float
    ) -> tuple[Sequence[str], int]:
        """Name the records that may be meant, best first, and the change that the index has.

        Raises:
            Unavailable: the dataset has no index, or it is being filled.
        """

    def weigh_records(
        self,
        session: Session,
        dataset: str,
        given: Mapping[str, str],
        records: Mapping[str, Mapping[str, Any]],
    ) -> Mapping[str, Evidence]:
        """Compare what is given with records: key → evidence."""


def fields_compared(dataset: Dataset, given: Mapping[str, str]) -> tuple[str, ...]:
    """Name the published fields that what is given is compared with."""
    return tuple(dataset.matched[name] for name in given if name in dataset.matched)


def look_at(
    finder: Finder | None,
    session: Session,
    dataset: str,
    given: Mapping[str, str],
    terms: MatchingTerms | None,
) -> tuple[Sequence[str], int]:
    """Name the records to be read in the register, and the change that the index has.

    Raises:
        RegisterUnavailable: nobody finds candidates here.
    """
    if finder is None or terms is None:
        raise errors.RegisterUnavailable("Candidates cannot be searched for here.")
    return finder.find_keys(
        session,
        dataset,
        given,
        most=terms.most_hits + _MORE,
        least=terms.least_probability * _LEEWAY,
    )


def choose(
    records: Mapping[str, Mapping[str, Any]],
    evidence: Mapping[str, Evidence],
    key_field: str,
    least: float,
) -> dict[str, Mapping[str, Any]]:
    """Keep the records that are probable enough, the most probable first, each subject once."""
    ranked = sorted(records, key=lambda key: (-evidence[key].weight, key))
    kept: dict[str, Mapping[str, Any]] = {}
    subjects: set[str] = set()
    for key in ranked:
        subject = str(records[key][key_field])
        if evidence[key].probability >= least and subject not in subjects:
            subjects.add(subject)
            kept[key] = records[key]
    return kept
