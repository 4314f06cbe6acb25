"""Kinds of rights, holders, uses, restrictions, papers; each is a column of the register."""

from enum import StrEnum


class RightKind(StrEnum):
    """What is held: the use of land, the ownership of what stands on it, or a lease of either."""

    LAND_USE = "land_use"
    ASSET_OWNERSHIP = "asset_ownership"
    LEASE = "lease"


class HolderRole(StrEnum):
    """In which role the certificate names somebody."""

    INDIVIDUAL = "individual"
    HUSBAND = "husband"
    WIFE = "wife"
    HOUSEHOLD_HEAD = "household_head"
    MEMBER = "member"
    REPRESENTATIVE = "representative"
    ORGANISATION = "organisation"


class LegalForm(StrEnum):
    """In which form several hold one right."""

    SINGLE = "single"
    SPOUSES = "spouses"
    SHARED = "shared"
    JOINT = "joint"
    HOUSEHOLD = "household"


class LandOrigin(StrEnum):
    """Where the use of the land came from (clean-up form of 2025, columns on origin)."""

    ALLOCATED_FREE = "allocated_free"
    ALLOCATED_FOR_FEE = "allocated_for_fee"
    RECOGNISED_FREE = "recognised_free"
    RECOGNISED_FOR_FEE = "recognised_for_fee"
    LEASED_ANNUAL = "leased_annual"
    LEASED_ONE_OFF = "leased_one_off"
    TRANSFERRED = "transferred"
    INHERITED = "inherited"
    GIVEN = "given"
    UNKNOWN = "unknown"


class RestrictionKind(StrEnum):
    """What limits the use or the disposal of a parcel."""

    ATTACHMENT = "attachment"
    DISPUTE = "dispute"
    RECOVERY_NOTICE = "recovery_notice"
    PLANNING = "planning"
    SAFETY_CORRIDOR = "safety_corridor"
    FOREIGN_PARTY = "foreign_party"
    OTHER = "other"


class ResponsibilityKind(StrEnum):
    """What a holder owes for the land."""

    LAND_USE_FEE = "land_use_fee"
    LAND_RENT = "land_rent"
    REGISTRATION_FEE = "registration_fee"
    LAND_TAX = "land_tax"


class CertificateStatus(StrEnum):
    """Whether a certificate still proves the right."""

    IN_FORCE = "in_force"
    REPLACED = "replaced"
    REVOKED = "revoked"


class NumberForm(StrEnum):
    """Which form of issue numbers a certificate number has."""

    LETTER_6 = "letter_6"  # one letter and six digits: before 2009
    LETTERS_6 = "letters_6"  # two letters and six digits: 2009 to 2024
    LETTERS_8 = "letters_8"  # two letters and eight digits: from 2025
    OTHER = "other"  # readable, but of no known form


class SpaceKind(StrEnum):
    """What a legal space on a parcel is."""

    HOUSE = "house"
    APARTMENT = "apartment"
    WORKS = "works"
    COMMON_PART = "common_part"


class SourceKind(StrEnum):
    """What a paper behind a registration is."""

    APPLICATION = "application"
    CONTRACT = "contract"
    DECISION = "decision"
    JUDGMENT = "judgment"
    SURVEY = "survey"
    OTHER = "other"


class LineageKind(StrEnum):
    """How a parcel came from another."""

    SPLIT = "split"
    MERGE = "merge"
    ADJUSTMENT = "adjustment"
