"""What goes in and out of the land register's service."""

from land.values.kinds import (
    CertificateStatus,
    HolderRole,
    LandOrigin,
    LegalForm,
    LineageKind,
    NumberForm,
    ResponsibilityKind,
    RestrictionKind,
    RightKind,
    SourceKind,
    SpaceKind,
)
from land.values.papers import Certificate, IssueNumber, Source
from land.values.parcels import (
    COMMON_SRID,
    SURVEY_SRIDS,
    LandUse,
    LegalSpace,
    Overlap,
    Parcel,
    Shape,
    Survey,
)
from land.values.parties import PARTY_PATTERN, Party, PartyKind
from land.values.registrations import Disposal, FirstRegistration, Lease, Part
from land.values.rights import Holder, Identity, Mortgage, Responsibility, Restriction, Right
from land.values.sheets import Sheet

__all__ = [
    "COMMON_SRID",
    "PARTY_PATTERN",
    "SURVEY_SRIDS",
    "Certificate",
    "CertificateStatus",
    "Disposal",
    "FirstRegistration",
    "Holder",
    "HolderRole",
    "Identity",
    "IssueNumber",
    "LandOrigin",
    "LandUse",
    "Lease",
    "LegalForm",
    "LegalSpace",
    "LineageKind",
    "Mortgage",
    "NumberForm",
    "Overlap",
    "Parcel",
    "Part",
    "Party",
    "PartyKind",
    "Responsibility",
    "ResponsibilityKind",
    "Restriction",
    "RestrictionKind",
    "Right",
    "RightKind",
    "Shape",
    "Sheet",
    "Source",
    "SourceKind",
    "SpaceKind",
    "Survey",
]
