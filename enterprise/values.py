"""What goes in and out of the enterprise register's service: enums, parties, details, results."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any, Literal, NamedTuple

from enterprise import errors


class LegalType(StrEnum):
    """Legal types of the registry; COOP, COOPU and HB are kept in the same system."""

    LLC1 = "LLC1"
    LLC2 = "LLC2"
    JSC = "JSC"
    PART = "PART"
    PRIV = "PRIV"
    COOP = "COOP"
    COOPU = "COOPU"
    HB = "HB"


class Status(IntEnum):
    """Legal statuses, numbered as in Decree 168/2025/NĐ-CP art. 35."""

    OPERATING = 1
    SUSPENDED = 2
    NOT_AT_ADDRESS = 3
    REVOKED = 4
    WINDING_UP = 5
    BANKRUPTCY = 6
    ENDED = 7


class UnitKind(StrEnum):
    """Kinds of dependent units: branch, representative office, business location."""

    BRANCH = "BRANCH"
    REP = "REP"
    LOC = "LOC"


class OwnershipKind(StrEnum):
    """In which capacity somebody holds capital."""

    OWNER = "owner"
    MEMBER = "member"
    PARTNER = "partner"
    SHAREHOLDER = "shareholder"


class ControlMeans(StrEnum):
    """Control by other means than capital or votes (Law 76/2025/QH15, Decree 168/2025 art. 17)."""

    APPOINT_MAJORITY = "appoint_majority"
    APPOINT_CHAIR = "appoint_chair"
    APPOINT_REPRESENTATIVE = "appoint_representative"
    APPOINT_DIRECTOR = "appoint_director"
    AMEND_CHARTER = "amend_charter"
    CHANGE_STRUCTURE = "change_structure"
    REORGANISE_OR_DISSOLVE = "reorganise_or_dissolve"


class SuccessionKind(StrEnum):
    """How an enterprise passes into another (Law on Enterprises 59/2020/QH14, chapter IX)."""

    MERGE = "merge"
    CONSOLIDATE = "consolidate"
    SPLIT = "split"
    SEPARATE = "separate"
    CONVERT = "convert"


class PartyKind(StrEnum):
    """Who can own, represent or control."""

    PIN = "pin"
    DOCUMENT = "document"
    ENTERPRISE = "enterprise"
    ORGANISATION = "organisation"
    STATE = "state"


_PARTY = re.compile(
    r"pin:[0-9]{12}|enterprise:[0-9]{10}|state:[A-Z][0-9]{2}(?:\.[0-9A-Z]{2,})*"
    r"|(?:document|organisation):[A-Z]{2}:[0-9A-Z]{3,30}",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, order=True)
class Party:
    """A person or body by its identifier.

    Args:
        ref: ``pin:<12 digits>`` · ``document:<country>:<number>`` for a person without a personal
            number · ``enterprise:<10 digits>`` · ``organisation:<country>:<number>`` for a body
            outside this register · ``state:<agency code>`` for state capital.
    """

    ref: str

    @classmethod
    def parse(cls, text: str, *, field: str = "party") -> "Party":
        """Read a reference.

        Raises:
            MalformedParty: another form.

        >>> Party.parse("enterprise:0100233488").kind.value
        'enterprise'
        """
        if not _PARTY.fullmatch(text):
            message = "Write pin:…, document:CC:…, enterprise:…, organisation:CC:… or state:…."
            raise errors.MalformedParty.of_field(field, "party.shape", message)
        return cls(text)

    @property
    def kind(self) -> PartyKind:
        """Say what sort of identifier it is."""
        return PartyKind(self.ref.partition(":")[0])

    @property
    def number(self) -> str:
        """Give the identifier without its kind."""
        return self.ref.partition(":")[2]

    @property
    def is_individual(self) -> bool:
        """Tell whether it names a natural person."""
        return self.kind in (PartyKind.PIN, PartyKind.DOCUMENT)


@dataclass(frozen=True, slots=True)
class Address:
    """A place as written and as far as it was resolved.

    Args:
        as_written: the text of the file, never altered.
        status: exact, ambiguous (see candidates) or unresolved.
        street: house, street, village: what stands before the commune.
        commune_code: with commune_version, which also is the version of province_code.
        commune_version: version of the administrative list, such as 19/2025.
        province_code: province of that version.
        candidates: for an ambiguous address, each possible unit with the kind of evidence.
    """

    as_written: str
    status: Literal["exact", "ambiguous", "unresolved"] = "unresolved"
    street: str | None = None
    commune_code: str | None = None
    commune_version: str | None = None
    province_code: str | None = None
    candidates: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Details:
    """What the register holds of an enterprise, apart from its lists and its status.

    Args:
        charter_capital_amount: in whole units of the currency.
        state_share: part of charter capital held by the State, 0 to 1; unknown: None.
        foreign_share: part held by foreign investors, 0 to 1; unknown: None.
        tax_information: chief accountant, fiscal year, start of accounting, VAT method and so on.
    """

    name_vi: str
    legal_type: LegalType
    address: Address
    registered_on: date
    name_foreign: str | None = None
    name_short: str | None = None
    phone: str | None = None
    email: str | None = None
    website: str | None = None
    charter_capital_amount: Decimal | None = None
    charter_capital_currency: str = "VND"
    state_share: Decimal | None = None
    foreign_share: Decimal | None = None
    share_par_value_amount: Decimal | None = None
    share_classes: tuple[Mapping[str, Any], ...] = ()
    employees: int | None = None
    tax_office_code: str | None = None
    tax_information: Mapping[str, Any] | None = None
    registration_change_no: int = 0


@dataclass(frozen=True, slots=True)
class IndustryLine:
    """A line of business: the same code means different things in two versions of the list."""

    vsic_version: str
    vsic_code: str
    is_principal: bool = False
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Representative:
    """A legal representative as the registration file names it."""

    party: Party
    name: str
    title: str | None = None
    sex: str | None = None
    birth_date: date | None = None
    nationality_code: str | None = None
    contact_address: str | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody who holds capital.

    Args:
        capital_share: part of charter capital, above 0, at most 1; None while not contributed.
        voting_share: part of the votes, 0 to 1; None means the same as capital_share.
        contributed_amount: in the currency of the charter capital.
        contribution_due_on: last day to contribute.
    """

    party: Party
    name: str
    kind: OwnershipKind
    capital_share: Decimal | None
    voting_share: Decimal | None = None
    contributed_amount: Decimal | None = None
    asset_kind: str | None = None
    contribution_due_on: date | None = None
    birth_date: date | None = None
    nationality_code: str | None = None
    contact_address: str | None = None


class Holding(NamedTuple):
    """What somebody holds of an enterprise: as much of `Owner` as the search for people needs.

    Args:
        party_ref: reference as in `Party`.
        capital_share: as in `Owner`.
        voting_share: as in `Owner`.
    """

    enterprise_code: str
    party_ref: str
    capital_share: Decimal | None
    voting_share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Controller:
    """An individual who controls by other means than capital or votes."""

    party: Party
    name: str
    means: ControlMeans
    birth_date: date | None = None
    nationality_code: str | None = None
    contact_address: str | None = None


@dataclass(frozen=True, slots=True)
class DependentUnit:
    """A branch, representative office or business location.

    Args:
        unit_code: NNNNNNNNNN-NNN of a branch or office, five digits of a business location.
    """

    unit_code: str
    kind: UnitKind
    name_vi: str
    address: Address
    registered_on: date
    name_foreign: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """Everything that a first registration says."""

    enterprise_code: str
    details: Details
    lines: tuple[IndustryLine, ...]
    representatives: tuple[Representative, ...]
    owners: tuple[Owner, ...] = ()
    controllers: tuple[Controller, ...] = ()


@dataclass(frozen=True, slots=True)
class BeneficialOwner:
    """An individual who in fact owns or controls an enterprise.

    Args:
        capital_share: direct and indirect part of charter capital.
        voting_share: direct and indirect part of the votes.
        grounds: capital, voting, or the means of control.
    """

    party: Party
    capital_share: Decimal
    voting_share: Decimal
    grounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MergeCounts:
    """What a load does to the enterprises of a staging table.

    Args:
        not_in_force: rows left untouched because the register annulled their code.
    """

    inserted: int
    amended: int
    unchanged: int
    not_in_force: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load left in the register.

    Args:
        change: number of the change; None when the file said nothing new.
    """

    change: int | None
    counts: MergeCounts
