"""What the code lists are made of: codes, versions, successions and the answers of a conversion."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

PROVINCE = "province"
DISTRICT = "district"
COMMUNE = "commune"
BEFORE_REFORM = "124/2004"
SINCE_REFORM = "19/2025"
STEWARD = "steward"

_KINDS = {
    "Thị trấn": "thi_tran",
    "Thành phố": "thanh_pho",
    "Đặc khu": "dac_khu",
    "Thị xã": "thi_xa",
    "Phường": "phuong",
    "Huyện": "huyen",
    "Quận": "quan",
    "Tỉnh": "tinh",
    "Xã": "xa",
}


class Relation(StrEnum):
    """How much of the old unit went into the new one."""

    WHOLE = "whole"
    PART = "part"


class Confidence(StrEnum):
    """How well a fact is known; R-low facts warn and never reject.

    S is sourced, R-high, R-med and R-low are recalled with falling confidence.
    """

    SOURCED = "S"
    HIGH = "R-high"
    MEDIUM = "R-med"
    LOW = "R-low"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file that codes were read from.

    Args:
        publisher: package or body that publishes the file.
        publisher_version: version of that package, empty for a single file.
        file_name: name of the file inside the package.
        sha256: hash of its bytes in hexadecimal.
    """

    publisher: str
    publisher_version: str
    file_name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class CodeListVersion:
    """One version of one list, named after the instrument that decided it.

    Args:
        list_code: name of the list.
        version: name of the version, e.g. ``19/2025``.
        title_vi: Vietnamese title.
        title_en: English title.
        instrument: the act that decided the version.
        confidence: how well the content is known.
        valid_from: first day in force; None where the standard is not dated.
        valid_to: first day no longer in force; None while in force.
        parent_list: list that `Code.parent_code` points into, if any.
        parent_version: version of that list.
        sources: the files the version was read from.
    """

    list_code: str
    version: str
    title_vi: str
    title_en: str
    instrument: str
    confidence: Confidence
    valid_from: date | None
    valid_to: date | None
    parent_list: str | None = None
    parent_version: str | None = None
    sources: tuple[SourceFile, ...] = ()

    def is_in_force(self, on: date) -> bool:
        """Test whether the version holds on the day."""
        return is_within(on, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class Amendment:
    """A later name and kind of a code that kept its number within the version.

    Args:
        since: first day of the new name and kind.
        name: name from that day.
        kind: kind from that day.
        source: the act.
        confidence: how well the act is known.
    """

    since: date
    name: str
    kind: str
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Code:
    """One code of one version of a list.

    Args:
        list_code: name of the list.
        version: version of the list.
        code: the code itself, a string with its leading zeros.
        name: Vietnamese name as the version first had it.
        level: level in the list's hierarchy, 1 at the top.
        kind: kind of the unit where the list knows kinds, e.g. ``phuong``; else empty.
        parent_code: code one level above, in the list the version names as parent.
        valid_from: first day, None if as long as the version.
        valid_to: first day no longer valid, None if as long as the version.
        confidence: how well the row is known.
        source_name: name of the file the row was read from.
        attributes: what only this list says of its codes.
        amendments: later names and kinds, oldest first.
    """

    list_code: str
    version: str
    code: str
    name: str
    level: int = 1
    kind: str = ""
    parent_code: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    confidence: Confidence = Confidence.SOURCED
    source_name: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)
    amendments: tuple[Amendment, ...] = ()

    @property
    def short_name(self) -> str:
        """Name without the kind of the unit, where the list has one."""
        return self.attributes.get("short_name", self.name)

    def as_of(self, on: date) -> "Code":
        """Give the code with the name and kind that hold on the day."""
        held = [amendment for amendment in self.amendments if amendment.since <= on]
        if not held:
            return self
        _, short_name = split_kind(held[-1].name)
        return dataclasses.replace(
            self,
            name=held[-1].name,
            kind=held[-1].kind,
            attributes={**self.attributes, "short_name": short_name},
        )


@dataclass(frozen=True, slots=True)
class Succession:
    """One old code that went, wholly or in part, into one new code.

    Args:
        list_code: name of the list.
        old_version: version of the old code.
        old_code: the old code.
        new_version: version of the new code.
        new_code: the new code.
        relation: whole, or part when the old unit was divided.
        since: first day of the new code.
        confidence: how well the row is known.
        source_name: name of the file the row was read from.
    """

    list_code: str
    old_version: str
    old_code: str
    new_version: str
    new_code: str
    relation: Relation
    since: date
    confidence: Confidence = Confidence.SOURCED
    source_name: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible answer of a conversion.

    Args:
        code: the code in the version asked for.
        kind: whole when all of the old unit went into the new one, else part.
    """

    code: Code
    kind: Relation


def is_within(on: date, valid_from: date | None, valid_to: date | None) -> bool:
    """Test whether a day lies in the half-open period; None is an open end."""
    return (valid_from is None or valid_from <= on) and (valid_to is None or on < valid_to)


def split_kind(full_name: str) -> tuple[str, str]:
    """Split a full name into the kind of the unit and the name without it.

    A number is no name: it stays with its kind.

    >>> split_kind("Thành phố Cà Mau"), split_kind("Phường 6"), split_kind("Huế")
    (('thanh_pho', 'Cà Mau'), ('phuong', 'Phường 6'), ('', 'Huế'))
    """
    words = full_name.split(" ")
    for count in (1, 2):
        # Publishers write "Thị Trấn" as well as "Thị trấn".
        kind = _KINDS.get(" ".join(words[:count]).capitalize())
        if kind and len(words) > count:
            rest = " ".join(words[count:])
            return kind, full_name if rest.isdecimal() else rest
    return "", full_name
