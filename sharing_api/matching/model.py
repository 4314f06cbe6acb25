"""The model file: which fields are compared how, which records meet, what is made of it."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

from sharing_api.matching import errors
from sharing_api.matching.fields import (
    categories,
    dates,
    numbers,
    organisation_name,
    person_name,
    places,
    several,
    texts,
)
from sharing_api.matching.fields.kinds import Column, Encoded, Field, Rates, Values
from sharing_api.matching.frequencies import HERE, Frequencies

CURRENT = "1"
Rules = tuple[tuple[str, ...], ...]
_CLASSES: Mapping[str, type[Values]] = {
    "person_name": person_name.PersonNames,
    "organisation_name": organisation_name.OrganisationNames,
    "date": dates.Dates,
    "sex": categories.Sexes,
    "category": categories.Categories,
    "number": numbers.Numbers,
    "telephone": numbers.Telephones,
    "place": places.Places,
    "text": texts.Texts,
}


@dataclass(frozen=True)
class Kind:
    """One kind of field in a model.

    Args:
        name: of the kind.
        levels: names of its degrees of likeness, closest first.
        match_rates: first guess of each level's share among true pairs; they sum to 1.
    """

    name: str
    levels: tuple[str, ...]
    match_rates: Rates

    def read(self, column: Column | Encoded, frequencies: Frequencies = HERE) -> Field:
        """Read the values of a field, or take them as read; of lists a record has several."""
        kind = _CLASSES[self.name]
        if several.is_several(column):
            return several.Several(column, kind, frequencies)
        return kind(column, frequencies)


@dataclass(frozen=True)
class Decision:
    """Probabilities from which a pair is linked, linked by itself, and written down at all."""

    link: float
    automatic: float
    show: float


@dataclass(frozen=True)
class Blocking:
    """How many pairs the search for candidates may make; see the model file."""

    pairs_per_record: float
    small_file_pairs: int
    largest_group: int
    fields_per_rule: int


@dataclass(frozen=True)
class Learning:
    """How match rates are learned; see the model file."""

    prior_pairs: float
    random_pairs: int


@dataclass(frozen=True)
class Relatives:
    """What is one's own, and how seldom relatives share it.

    Args:
        own: fields that are one's own.
        own_rates: kind of field → rate of each level among relatives; they sum to 1.
    """

    own: frozenset[str]
    own_rates: Mapping[str, Rates]


@dataclass(frozen=True)
class Grouping:
    """What the worst and the best pair of a group can say of it."""

    worst: float
    best: float


@dataclass(frozen=True)
class Index:
    """By what single records are found in a register; see the model file.

    Args:
        narrow, wide: subject → rules, each of keys that records must agree in together, named
            ``field.key``; the wide ones where the narrow ones find nobody who is sure.
    """

    frequent: int
    best: int
    sample: int
    sure: float
    narrow: Mapping[str, Rules]
    wide: Mapping[str, Rules]

    def rules(self, subject: str) -> Rules:
        """Give all rules of a subject."""
        return (*self.narrow[subject], *self.wide[subject])


@dataclass(frozen=True)
class Model:
    """A version of the model.

    Args:
        fields: subject → field → kind.
    """

    version: str
    decision: Decision
    blocking: Blocking
    learning: Learning
    relatives: Relatives
    grouping: Grouping
    index: Index
    kinds: Mapping[str, Kind]
    fields: Mapping[str, Mapping[str, str]]

    def kind_of(self, subject: str, field: str) -> Kind:
        """Give the kind of a field; one that the model does not know by name is a text."""
        return self.kinds[self.fields[subject].get(field, "text")]


@functools.cache
def read_model(version: str = CURRENT) -> Model:
    """Read a version of the model.

    Raises:
        UnknownModel: there is none of this version.
    """
    file = resources.files("sharing_api.matching").joinpath("models", f"{version}.toml")
    if not version.isalnum() or not file.is_file():
        raise errors.UnknownModel(f"There is no model of version {version}.")
    written = tomllib.loads(file.read_text(encoding="utf-8"))
    return Model(
        version=written["version"],
        decision=Decision(**written["decision"]),
        blocking=Blocking(**written["blocking"]),
        learning=Learning(**written["learning"]),
        relatives=_relatives(written["relatives"]),
        grouping=Grouping(**written["clusters"]),
        index=_index(written["index"]),
        kinds={name: _kind(name, rates) for name, rates in written["kinds"].items()},
        fields=written["fields"],
    )


def _index(written: Mapping[str, Any]) -> Index:
    rules = {
        width: {subject: tuple(map(tuple, own)) for subject, own in written[width].items()}
        for width in ("narrow", "wide")
    }
    return Index(**{**written, **rules})


def _relatives(written: Mapping[str, Any]) -> Relatives:
    rates = {name: _rates(name, one) for name, one in written.items() if name != "own"}
    return Relatives(frozenset(written["own"]), rates)


def _kind(name: str, rates: Mapping[str, float]) -> Kind:
    return Kind(name, _CLASSES[name].levels, _rates(name, rates))


def _rates(name: str, written: Mapping[str, float]) -> Rates:
    given = np.array([written[level] for level in _CLASSES[name].levels], dtype=np.float64)
    rates: Rates = given / given.sum()
    return rates
