"""The tables of the land register: a profile of ISO 19152 (LADM), its classes in brackets."""

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    Numeric,
    SmallInteger,
)

from databases import base
from databases.changes import ledger as ledger_module
from databases.changes import versions
from databases.code_lists import tables as code_list_tables
from land.values import kinds, parcels, parties

_text = base.text_column

metadata = base.new_metadata("land")
ledger = ledger_module.define_ledger(metadata)
code_lists = code_list_tables.define_tables(metadata)


def _area(name: str, comment: str, **options: Any) -> Column[Any]:
    return Column(name, Numeric(16, 2), comment=f"{comment}, square metres", **options)


def _shape(name: str, srid: int, comment: str) -> Column[Any]:
    # The index is of the versions that stand, so it is not left to the column.
    kind = Geometry("MULTIPOLYGON", srid=srid, spatial_index=False)
    return Column(name, kind, comment=comment)


def _id(name: str, comment: str, **options: Any) -> Column[str]:
    return _text(name, comment, nullable=False, **options)


def _id_shape(column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} ~ '^[0-9A-Z]{{1,40}}$'", name=f"{column}_shape")


def _party(role: str) -> tuple[Any, ...]:
    return (
        _text("party_ref", f"{role}: kind and number, such as pin:…", nullable=False),
        _text("party_name", f"{role}: name as the paper writes it", nullable=False),
        CheckConstraint(f"party_ref ~ '^({parties.PARTY_PATTERN})$'", name="party_ref"),
    )


_SRIDS = ", ".join(str(srid) for srid in parcels.SURVEY_SRIDS)

parcel = versions.versioned_table(
    "parcel",
    metadata,
    _id("parcel_id", "the register's own name of the parcel, opaque, never given again"),
    _text("parcel_identifier", "twelve signs given by the national database, if it has them"),
    _text("commune_code", "commune, in commune_version", nullable=False),
    _text("commune_version", "version of commune_code and province_code", nullable=False),
    _text("province_code", "province, in commune_version", nullable=False),
    _text("old_commune_code", "commune that the map sheet was numbered in"),
    _text("old_commune_version", "version of old_commune_code"),
    _text("map_sheet_no", "number of the cadastral map sheet; several communes may have it"),
    _text("parcel_no", "number of the parcel on the sheet; not unique in real data"),
    _area("legal_area_m2", "area that the certificate or decision states", nullable=False),
    _area("measured_area_m2", "area of the survey"),
    Column("survey_srid", Integer, comment="EPSG code of the zone that shape is kept in"),
    Column("survey_accuracy_m", Numeric(6, 3), comment="mean error of a boundary point, metres"),
    Column("surveyed_on", Date, comment="day of the survey"),
    _text("survey_document", "number of the survey paper (LA_SpatialSource)"),
    _text("address_text", "address of the parcel as written"),
    Column(
        "is_parcel",
        Boolean,
        nullable=False,
        comment="false: it occupies land without being a parcel, such as a road or a river",
    ),
    _shape("shape", -1, "boundary in the zone survey_srid, metres, east before north"),
    _shape("shape_4756", parcels.COMMON_SRID, "the same in EPSG:4756, longitude before latitude"),
    _id_shape("parcel_id"),
    CheckConstraint("parcel_identifier ~ '^[0-9A-Z]{12}$'", name="parcel_identifier"),
    CheckConstraint("legal_area_m2 > 0", name="legal_area"),
    CheckConstraint("measured_area_m2 > 0", name="measured_area"),
    CheckConstraint("survey_accuracy_m > 0", name="survey_accuracy"),
    CheckConstraint(f"survey_srid IN ({_SRIDS})", name="survey_srid"),
    CheckConstraint(
        "(shape IS NULL) = (shape_4756 IS NULL)"
        " AND (shape IS NULL OR (survey_srid IS NOT NULL AND st_srid(shape) = survey_srid))",
        name="shape_in_zone",
    ),
    CheckConstraint(
        "(old_commune_code IS NULL) = (old_commune_version IS NULL)", name="old_commune_version"
    ),
    key=("parcel_id",),
    comment="a parcel or another object that occupies land (LA_SpatialUnit)",
)
versions.current_index(
    "ix_parcel_commune", parcel.c.commune_code, parcel.c.commune_version, parcel.c.parcel_id
)
versions.current_index(
    "ix_parcel_sheet", parcel.c.old_commune_code, parcel.c.map_sheet_no, parcel.c.parcel_no
)
versions.current_index("ix_parcel_identifier", parcel.c.parcel_identifier)
Index(
    "ix_parcel_shape",
    parcel.c.shape_4756,
    postgresql_using="gist",
    postgresql_where=parcel.c.to_change.is_(None),
)

land_use = versions.versioned_table(
    "land_use",
    metadata,
    _id("parcel_id", "parcel that is used"),
    Column("line_no", SmallInteger, nullable=False, comment="place in the list of uses, from 1"),
    _text(
        "regime", "version of the list of land uses; never read the code without", nullable=False
    ),
    _text("code", "code in that list; null where the paper has only words"),
    _text("text_as_written", "the words of the paper, never altered", nullable=False),
    _area("area_m2", "area so used"),
    _text("origin", "where the use came from", nullable=False),
    Column("is_common", Boolean, nullable=False, comment="used in common, not privately"),
    Column("term_until", Date, comment="first day on which the use ends; null: long-term"),
    base.one_of("origin", kinds.LandOrigin, name="origin"),
    CheckConstraint("area_m2 > 0", name="area"),
    key=("parcel_id", "line_no"),
    comment="what a parcel may be used for",
)

legal_space = versions.versioned_table(
    "legal_space",
    metadata,
    _id("legal_space_id", "the register's own name of the space"),
    _text("parcel_id", "parcel that it stands on", nullable=False),
    _text("kind", "house, apartment, works or common_part", nullable=False),
    _text("name", "name or sort as the paper writes it", nullable=False),
    _text("flat_no", "number of the flat"),
    Column("storeys", SmallInteger, comment="storeys of a house, storey of a flat"),
    _area("built_area_m2", "area of the ground that it covers"),
    _area("floor_area_m2", "floor area, or usable area of a flat"),
    _text("ownership_form", "private or common, as the paper writes it"),
    _text("grade", "class and grade of the building as written"),
    Column("ends_on", Date, comment="first day on which the ownership ends; null: no term"),
    _id_shape("legal_space_id"),
    base.one_of("kind", kinds.SpaceKind, name="kind"),
    key=("legal_space_id",),
    comment="a house, flat, works or common part as a space in law (LA_LegalSpaceBuildingUnit)",
)
versions.current_index("ix_legal_space_parcel", legal_space.c.parcel_id)

land_right = versions.versioned_table(
    "land_right",
    metadata,
    _id("right_id", "the register's own name of the right"),
    _text("parcel_id", "parcel that it is over, or that the space stands on", nullable=False),
    _text("legal_space_id", "space that it is over; null: the parcel itself"),
    _text("kind", "land_use, asset_ownership or lease", nullable=False),
    _text("legal_form", "single, spouses, shared, joint or household", nullable=False),
    _text("derived_from", "right that a lease was granted out of"),
    Column("ends_on", Date, comment="first day on which it ends; null: without a term"),
    _id_shape("right_id"),
    base.one_of("kind", kinds.RightKind, name="kind"),
    base.one_of("legal_form", kinds.LegalForm, name="legal_form"),
    CheckConstraint("(kind = 'lease') = (derived_from IS NOT NULL)", name="lease_has_origin"),
    key=("right_id",),
    comment="a right over a parcel or a space on it (LA_Right)",
)
versions.current_index("ix_land_right_parcel", land_right.c.parcel_id)
versions.current_index("ix_land_right_origin", land_right.c.derived_from)

right_holder = versions.versioned_table(
    "right_holder",
    metadata,
    _id("right_id", "right that is held"),
    *_party("holder"),
    Column("share_numerator", BigInteger, nullable=False, comment="share: above the line"),
    Column("share_denominator", BigInteger, nullable=False, comment="share: below the line"),
    _text("role", "role in which the certificate names the holder", nullable=False),
    _text("birth_date", "YYYY or YYYY-MM-DD, as far as the paper says"),
    _text("nationality_code", "country, ISO 3166-1 alpha-2, where it is known"),
    _text("contact_address", "address as written"),
    base.one_of("role", kinds.HolderRole, name="role"),
    CheckConstraint(
        "share_numerator > 0 AND share_numerator <= share_denominator", name="share_of_one"
    ),
    CheckConstraint("birth_date ~ '^[0-9]{4}(-[0-9]{2}-[0-9]{2})?$'", name="birth_date"),
    key=("right_id", "party_ref"),
    comment="a share of a right; the shares of a right are its group (LA_Party, LA_GroupParty)",
)
versions.current_index("ix_right_holder_party", right_holder.c.party_ref)

mortgage = versions.versioned_table(
    "mortgage",
    metadata,
    _id("mortgage_id", "the register's own name of the mortgage"),
    _text("right_id", "right that is mortgaged", nullable=False),
    *_party("mortgagee"),
    _text("contract_no", "number of the mortgage contract"),
    Column("secured_amount", Numeric(24, 2), comment="secured amount, in its currency"),
    _text("currency", "currency of the amount, ISO 4217", nullable=False),
    Column("rank", SmallInteger, nullable=False, comment="order of registration, 1 first"),
    _id_shape("mortgage_id"),
    CheckConstraint("rank > 0", name="rank"),
    key=("mortgage_id", "right_id"),
    comment="a registered security over a right (LA_Mortgage)",
)
versions.current_index("ix_mortgage_right", mortgage.c.right_id)

restriction = versions.versioned_table(
    "restriction",
    metadata,
    _id("restriction_id", "the register's own name of the restriction"),
    _text("parcel_id", "parcel that is restricted", nullable=False),
    _text("kind", "attachment, dispute, planning and so on", nullable=False),
    _text("decided_by", "body that decided", nullable=False),
    _text("decision_no", "number of the decision or case", nullable=False),
    _text("note", "what exactly is limited"),
    _id_shape("restriction_id"),
    base.one_of("kind", kinds.RestrictionKind, name="kind"),
    key=("restriction_id", "parcel_id"),
    comment="a limit on the use or disposal of a parcel (LA_Restriction)",
)
versions.current_index("ix_restriction_parcel", restriction.c.parcel_id)

responsibility = versions.versioned_table(
    "responsibility",
    metadata,
    _id("responsibility_id", "the register's own name of the responsibility"),
    _text("right_id", "right that it goes with", nullable=False),
    _text("kind", "land_use_fee, land_rent, registration_fee or land_tax", nullable=False),
    Column("amount", Numeric(24, 2), nullable=False, comment="amount owed, in its currency"),
    _text("currency", "currency of the amount, ISO 4217", nullable=False),
    Column("due_on", Date, comment="last day to pay"),
    _id_shape("responsibility_id"),
    base.one_of("kind", kinds.ResponsibilityKind, name="kind"),
    CheckConstraint("amount > 0", name="amount"),
    key=("responsibility_id",),
    comment="what a holder owes for the land (LA_Responsibility)",
)
versions.current_index("ix_responsibility_right", responsibility.c.right_id)

certificate = versions.versioned_table(
    "certificate",
    metadata,
    _id("certificate_id", "the register's own name of the certificate"),
    _text("issue_number", "issue number in its normal form; null where it cannot be read"),
    _text("number_form", "letter_6, letters_6, letters_8 or other; null where it has no number"),
    _text("number_as_written", "issue number as the paper or file has it", nullable=False),
    _text("register_number", "number in the register of issues"),
    _text("qr_code", "code of the certificate under its QR code (form of 2025)"),
    Column("issued_on", Date, comment="day of issue"),
    _text("issued_by", "body that issued it"),
    _text("status", "in_force, replaced or revoked", nullable=False),
    _text("replaces", "certificate that it was issued in place of"),
    _id_shape("certificate_id"),
    base.one_of("status", kinds.CertificateStatus, name="status"),
    base.one_of("number_form", kinds.NumberForm, name="number_form"),
    CheckConstraint("(issue_number IS NULL) = (number_form IS NULL)", name="number_has_form"),
    CheckConstraint("issue_number ~ '^[0-9A-ZĐ]{1,40}$'", name="issue_number"),
    key=("certificate_id",),
    comment="a certificate of land-use right and its chain of re-issues (LA_BAUnit)",
)
# One certificate a day bears a number: the rule `one_number` of the migration.
versions.current_index("ix_certificate_number", certificate.c.issue_number)
versions.current_index("ix_certificate_replaces", certificate.c.replaces)

certificate_right = versions.versioned_table(
    "certificate_right",
    metadata,
    _id("certificate_id", "certificate"),
    _text("right_id", "right that it certifies", nullable=False),
    _text("map_sheet_no", "map sheet that the paper itself states"),
    _text("parcel_no", "parcel number that the paper itself states"),
    key=("certificate_id", "right_id"),
    comment="what a certificate certifies",
)
versions.current_index("ix_certificate_right_right", certificate_right.c.right_id)

source = versions.versioned_table(
    "source",
    metadata,
    _id("source_id", "the register's own name of the paper"),
    _text("parcel_id", "parcel that it is about", nullable=False),
    _text("kind", "application, contract, decision, judgment, survey or other", nullable=False),
    _text("title", "what it is, in words", nullable=False),
    _text("number", "its number"),
    _text("issued_by", "who issued it"),
    Column("issued_on", Date, comment="its day"),
    _text("file_name", "name of the scanned file"),
    _id_shape("source_id"),
    base.one_of("kind", kinds.SourceKind, name="kind"),
    key=("source_id",),
    comment="a paper that a registration rests on (LA_AdministrativeSource)",
)
versions.current_index("ix_source_parcel", source.c.parcel_id)

lineage = versions.versioned_table(
    "lineage",
    metadata,
    _id("parcel_id", "parcel that came from the other"),
    _text("ancestor_id", "parcel that it came from, wholly or partly", nullable=False),
    _text("kind", "split, merge or adjustment", nullable=False),
    base.one_of("kind", kinds.LineageKind, name="kind"),
    CheckConstraint("parcel_id <> ancestor_id", name="not_itself"),
    key=("parcel_id", "ancestor_id"),
    comment="which parcels came from which, from the day of the act on",
)
versions.current_index("ix_lineage_ancestor", lineage.c.ancestor_id)
