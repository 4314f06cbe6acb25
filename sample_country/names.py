"""Names of people by ethnic group, region, sex and generation."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from sample_country import draws
from sample_country.draws import Flags, Numbers, Shares, Texts

KINH = 1
MALE, FEMALE = 0, 1
_OLDER_BEFORE, _YOUNGER_FROM = 1975, 2000
_SEXES = ("male", "female")
_REGIONS = ("north", "centre", "south")


@dataclass(frozen=True)
class Weighted:
    """Words with the weights of the older and of the younger generation."""

    words: Texts
    older: Shares
    younger: Shares

    def draw(self, rng: np.random.Generator, birth_years: Numbers) -> Texts:
        """Draw a word for each person; the generations in between mix both weights."""
        span = _YOUNGER_FROM - _OLDER_BEFORE
        share = np.clip((birth_years - _OLDER_BEFORE) / span, 0.0, 1.0)
        is_younger = rng.random(len(birth_years)) < share
        count = len(birth_years)
        chosen = np.where(
            is_younger,
            draws.pick(rng, self.younger, count),
            draws.pick(rng, self.older, count),
        )
        words: Texts = self.words[chosen]
        return words


@dataclass(frozen=True)
class Pattern:
    """How names of one ethnic group are built; by sex, male first."""

    families: tuple[tuple[Texts, Shares], ...]
    families_by_sex: bool
    middles: tuple[Weighted, Weighted]
    givens: tuple[Weighted, Weighted]
    is_family_last: bool
    from_mother: bool


@dataclass(frozen=True)
class Names:
    """The names of some people, part by part and whole; an absent part is an empty text."""

    family: Texts
    middle: Texts
    given: Texts
    full: Texts


def _weighted(rows: list[dict[str, str]], column: str, sex: str) -> Weighted:
    own = [row for row in rows if row["sex"] == sex]
    return Weighted(
        draws.texts([row[column] for row in own]),
        np.array([float(row["older"]) for row in own]),
        np.array([float(row["younger"]) for row in own]),
    )


def _even(words: list[str]) -> Weighted:
    weights = np.ones(len(words))
    return Weighted(draws.texts(words), weights, weights)


def _shares(words: dict[str, float]) -> tuple[Texts, Shares]:
    return draws.texts(list(words)), np.array(list(words.values()), dtype=np.float64)


@cache
def kinh_pattern() -> Pattern:
    """Read the names of the Kinh; the families stand by region: north, centre, south."""
    families = draws.read_rows("surnames.csv")
    words = draws.texts([row["surname"] for row in families])
    weights = [
        np.array([float(row["weight"]) * float(row[region]) for row in families])
        for region in _REGIONS
    ]
    middles = draws.read_rows("middle_names.csv")
    givens = draws.read_rows("given_names.csv")
    return Pattern(
        families=tuple((words, weight) for weight in weights),
        families_by_sex=False,
        middles=(_weighted(middles, "middle", "male"), _weighted(middles, "middle", "female")),
        givens=(_weighted(givens, "given", "male"), _weighted(givens, "given", "female")),
        is_family_last=False,
        from_mother=False,
    )


@cache
def minority_patterns() -> dict[int, Pattern]:
    """Read the names of the other groups that have names of their own, by number of the group."""
    written = draws.read_words("ethnic_names.toml")
    return {int(code): _pattern(entry) for code, entry in written.items()}


def _pattern(entry: dict[str, Any]) -> Pattern:
    kinh = kinh_pattern()
    middles = []
    givens = []
    for sex, fallback_middle, fallback_given in zip(_SEXES, kinh.middles, kinh.givens, strict=True):
        own = entry.get(f"{sex}_middle")
        shares = _shares(own) if own else None
        middles.append(Weighted(shares[0], shares[1], shares[1]) if shares else fallback_middle)
        given = entry.get(f"{sex}_given")
        givens.append(_even(given) if given else fallback_given)
    male = _shares(entry["families"])
    female = _shares(entry.get("female_families", entry["families"]))
    return Pattern(
        families=(male, female),
        families_by_sex="female_families" in entry,
        middles=(middles[0], middles[1]),
        givens=(givens[0], givens[1]),
        is_family_last=entry["order"] == "family_last",
        from_mother=entry.get("line") == "mother",
    )


def draw_families(
    rng: np.random.Generator, *, ethnicity: Numbers, region: Numbers, sex: Numbers
) -> Texts:
    """Draw a family name for each person, before any is inherited.

    Args:
        rng: source of randomness.
        ethnicity: number of the ethnic group.
        region: 0 north, 1 centre, 2 south; matters for the Kinh only.
        sex: 0 male, 1 female; matters where the family word goes by sex.
    """
    families: Texts = np.empty(len(ethnicity), dtype=object)
    patterns = minority_patterns()
    for code in np.unique(ethnicity):
        pattern = patterns.get(int(code), kinh_pattern())
        kind = region if pattern is kinh_pattern() else sex
        for part in range(len(pattern.families)):
            rows = np.flatnonzero((ethnicity == code) & (kind == part))
            words, weights = pattern.families[part]
            families[rows] = words[draws.pick(rng, weights, len(rows))]
    return families


def is_inherited_from_mother(ethnicity: Numbers) -> Flags:
    """Tell for whom the family name comes from the mother."""
    codes = [code for code, pattern in minority_patterns().items() if pattern.from_mother]
    flags: Flags = np.isin(ethnicity, codes)
    return flags


def is_family_word_by_sex(ethnicity: Numbers) -> Flags:
    """Tell for whom the family word goes by sex and is not inherited."""
    codes = [code for code, pattern in minority_patterns().items() if pattern.families_by_sex]
    flags: Flags = np.isin(ethnicity, codes)
    return flags


def complete(
    rng: np.random.Generator,
    families: Texts,
    *,
    ethnicity: Numbers,
    sex: Numbers,
    birth_year: Numbers,
) -> Names:
    """Draw middle and given names and write the whole name in the order of the group."""
    middle: Texts = np.empty(len(families), dtype=object)
    given: Texts = np.empty(len(families), dtype=object)
    is_last = np.zeros(len(families), dtype=np.bool_)
    patterns = minority_patterns()
    for code in np.unique(ethnicity):
        pattern = patterns.get(int(code), kinh_pattern())
        for part in (MALE, FEMALE):
            rows = np.flatnonzero((ethnicity == code) & (sex == part))
            middle[rows] = pattern.middles[part].draw(rng, birth_year[rows])
            given[rows] = pattern.givens[part].draw(rng, birth_year[rows])
            is_last[rows] = pattern.is_family_last
    first = np.where(is_last, "", families)
    last = np.where(is_last, families, "")
    full = draws.texts(
        [
            _joined(parts)
            for parts in zip(
                first.tolist(), middle.tolist(), given.tolist(), last.tolist(), strict=True
            )
        ]
    )
    return Names(families, middle, given, full)


def _joined(parts: tuple[str, ...]) -> str:
    # H' and K' are written together with the name that they stand before.
    return " ".join(filter(None, parts)).replace("' ", "'")
