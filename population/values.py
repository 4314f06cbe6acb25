"""What goes in and out of the population register: enums and frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from databases.identifiers import Sex
from databases.periods import PartialDate

VIET_NAM = "VN"


class ResidenceKind(StrEnum):
    """Kinds of residence: thường trú, tạm trú, nơi ở hiện tại."""

    PERMANENT = "permanent"
    TEMPORARY = "temporary"
    CURRENT = "current"


class RelationToHead(StrEnum):
    """What a member is to the head of the household."""

    HEAD = "HEAD"
    SPOUSE = "SPOUSE"
    PARENT = "PARENT"
    PARENT_IN_LAW = "PARENT_IN_LAW"
    CHILD = "CHILD"
    CHILD_IN_LAW = "CHILD_IN_LAW"
    SIBLING = "SIBLING"
    GRANDPARENT = "GRANDPARENT"
    GRANDCHILD = "GRANDCHILD"
    NIECE_NEPHEW = "NIECE_NEPHEW"
    GUARDIAN = "GUARDIAN"
    WARD = "WARD"
    TENANT_OR_CARED = "TENANT_OR_CARED"
    OTHER = "OTHER"


class KinRole(StrEnum):
    """What the relative is to the person."""

    FATHER = "FATHER"
    MOTHER = "MOTHER"
    SPOUSE = "SPOUSE"
    CHILD = "CHILD"
    REPRESENTATIVE = "REPRESENTATIVE"
    REPRESENTED = "REPRESENTED"


SINGLE_ROLES = (KinRole.FATHER, KinRole.MOTHER, KinRole.SPOUSE)


class MaritalStatus(StrEnum):
    """Marital status; finer than the codes of QCVN 109, which join the last two."""

    UNKNOWN = "unknown"
    SINGLE = "single"
    MARRIED = "married"
    DIVORCED = "divorced"
    WIDOWED = "widowed"


class BloodGroup(StrEnum):
    """Blood group."""

    UNKNOWN = "unknown"
    A = "A"
    B = "B"
    AB = "AB"
    O = "O"  # noqa: E741 - the name of the group


class LossKind(StrEnum):
    """Why a person is no longer counted among the living."""

    DEAD = "dead"
    MISSING = "missing"


class CardType(StrEnum):
    """Generations of the card whose number is the personal number."""

    CMND_12 = "CMND_12"
    CCCD_BARCODE = "CCCD_BARCODE"
    CCCD_CHIP = "CCCD_CHIP"
    CAN_CUOC = "CAN_CUOC"


class AbsenceStatus(StrEnum):
    """Whether a temporary absence is declared."""

    NONE = "none"
    DECLARED = "declared"


class AliasReason(StrEnum):
    """Why a number was cancelled and another one established."""

    SEX_REDETERMINED = "sex_redetermined"
    BIRTH_YEAR_CORRECTED = "birth_year_corrected"
    ENTRY_ERROR = "entry_error"


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name of birth; the full text is the master, the parts are how it was split.

    Args:
        full: as written in the birth registration.
        family: family name, may be of several words.
        middle: middle names, empty when there is none.
        given: given name.
    """

    full: str
    family: str
    middle: str
    given: str


@dataclass(frozen=True, slots=True)
class Address:
    """A place in the country or abroad.

    Args:
        street: house, street and whatever is not coded, as declared.
        village: village or residential group; not coded.
        commune_code: code of the commune.
        commune_version: version of the administrative lists that both codes belong to.
        province_code: code of the province, if nothing finer is known.
        country_code: ISO 3166-1 alpha-2.
    """

    street: str | None = None
    village: str | None = None
    commune_code: str | None = None
    commune_version: str | None = None
    province_code: str | None = None
    country_code: str | None = VIET_NAM


@dataclass(frozen=True, slots=True)
class Person:
    """The items of a person that change by correction, not by acts of their own.

    Args:
        pin: personal number.
        name: name of birth.
        birth: date of birth, as precisely as it is known.
        sex: as registered.
        nationality_codes: ISO 3166-1 alpha-2, most important first.
        old_id_9: number of the nine-digit card; several persons may claim one.
        other: further items set by the Government.
    """

    pin: str
    name: PersonName
    birth: PartialDate
    sex: Sex
    other_name: str | None = None
    place_of_birth: Address | None = None
    birth_registration_place: Address | None = None
    native_place: Address | None = None
    ethnicity_code: str | None = None
    religion_code: str | None = None
    nationality_codes: tuple[str, ...] = (VIET_NAM,)
    blood_group: BloodGroup = BloodGroup.UNKNOWN
    marital_status: MaritalStatus = MaritalStatus.UNKNOWN
    old_id_9: str | None = None
    residence_file_no: str | None = None
    mobile_no: str | None = None
    email: str | None = None
    temporary_absence: AbsenceStatus = AbsenceStatus.NONE
    other: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Loss:
    """A death or a declaration of missing.

    Args:
        kind: which of the two.
        happened: day of death or from which the person is missing.
    """

    kind: LossKind
    happened: PartialDate


@dataclass(frozen=True, slots=True)
class Relative:
    """A relative: by number if they are in the register, else by what is known of them."""

    role: KinRole
    pin: str | None = None
    full_name: str | None = None
    old_id_9: str | None = None
    nationality_code: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a household and what they are to its head."""

    pin: str
    relation: RelationToHead


@dataclass(frozen=True, slots=True)
class PersonState:
    """What rules need to know of a person on the day of an act."""

    pin: str
    birth: PartialDate
    sex: Sex
    marital_status: MaritalStatus
    loss: Loss | None
    spouse_pin: str | None
    permanent_commune: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class HouseholdPeriod:
    """Days on which a person is a member of a household; `end` is None while it lasts."""

    member: Member
    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class MergeDecision:
    """Who decided that two records are one person, and on what.

    Args:
        reference: number of the decision or of the case in which it was taken.
        evidence: what shows it, in words; no copy of a record.
        first_reviewer: officer who proposed it.
        second_reviewer: another officer, who looked at it again.
    """

    reference: str
    evidence: str
    first_reviewer: str
    second_reviewer: str


@dataclass(frozen=True, slots=True)
class LaterAct:
    """What somebody recorded about a merged person since: whose it is, only people can tell.

    Args:
        change: number of the change.
        act: its name.
        recorded_at: moment of the change.
        table: in which a row came or ended.
        record: what names the row within its person, such as the kind of residence; no number.
        days: on which the row holds, as PostgreSQL writes a period.
        is_new: the row came; else it ended.
    """

    change: int
    act: str
    recorded_at: datetime
    table: str
    record: str
    days: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Unmerged:
    """What taking a merge back has left in the register.

    Args:
        change: number of the change.
        merge: number of the change that was taken back.
        merged_at: its moment.
        pins: under which the merged record was found: the surviving number, the absorbed one,
            and the one that the survivor bears since, if it is another.
        undecided: later acts that stay with the surviving record until somebody decides.
        unrestored: rows that could not come back: table, record and days.
    """

    change: int
    merge: int
    merged_at: datetime
    pins: tuple[str, ...]
    undecided: tuple[LaterAct, ...] = ()
    unrestored: tuple[tuple[str, str, str], ...] = ()
