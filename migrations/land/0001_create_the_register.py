"""Create the land register.

Revision: 0001, after the beginning.
"""

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import assets

# Table → columns that name a record.
VERSIONED: dict[str, tuple[str, ...]] = {
    "certificate": ("certificate_id",),
    "certificate_right": ("certificate_id", "right_id"),
    "land_right": ("right_id",),
    "land_use": ("parcel_id", "line_no"),
    "legal_space": ("legal_space_id",),
    "lineage": ("parcel_id", "ancestor_id"),
    "mortgage": ("mortgage_id", "right_id"),
    "parcel": ("parcel_id",),
    "responsibility": ("responsibility_id",),
    "restriction": ("restriction_id", "parcel_id"),
    "right_holder": ("right_id", "party_ref"),
    "source": ("source_id",),
}

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute(assets.read("change_tables_0001", schema="land"))
    op.execute(assets.read("code_lists_0001", schema="land"))
    op.create_table(
        "certificate",
        sa.Column(
            "certificate_id",
            sa.Text(),
            nullable=False,
            comment="the register's own name of the certificate",
        ),
        sa.Column(
            "issue_number",
            sa.Text(),
            nullable=True,
            comment="issue number in its normal form; null where it cannot be read",
        ),
        sa.Column(
            "number_form",
            sa.Text(),
            nullable=True,
            comment="letter_6, letters_6, letters_8 or other; null where it has no number",
        ),
        sa.Column(
            "number_as_written",
            sa.Text(),
            nullable=False,
            comment="issue number as the paper or file has it",
        ),
        sa.Column(
            "register_number", sa.Text(), nullable=True, comment="number in the register of issues"
        ),
        sa.Column(
            "qr_code",
            sa.Text(),
            nullable=True,
            comment="code of the certificate under its QR code (form of 2025)",
        ),
        sa.Column("issued_on", sa.Date(), nullable=True, comment="day of issue"),
        sa.Column("issued_by", sa.Text(), nullable=True, comment="body that issued it"),
        sa.Column("status", sa.Text(), nullable=False, comment="in_force, replaced or revoked"),
        sa.Column(
            "replaces",
            sa.Text(),
            nullable=True,
            comment="certificate that it was issued in place of",
        ),
        sa.Column(
            "valid",
            postgresql.DATERANGE(),
            nullable=False,
            comment="days on which it holds, half-open",
        ),
        sa.Column(
            "from_change",
            sa.BigInteger(),
            nullable=False,
            comment="change that recorded this version",
        ),
        sa.Column(
            "to_change",
            sa.BigInteger(),
            nullable=True,
            comment="change that ended it; null while it stands",
        ),
        sa.CheckConstraint(
            "certificate_id ~ '^[0-9A-Z]{1,40}$'", name=op.f("ck_certificate_certificate_id_shape")
        ),
        sa.CheckConstraint(
            "issue_number ~ '^[0-9A-ZĐ]{1,40}$'", name=op.f("ck_certificate_issue_number")
        ),
        sa.CheckConstraint(
            "number_form IN ('letter_6', 'letters_6', 'letters_8', 'other')",
            name=op.f("ck_certificate_number_form"),
        ),
        sa.CheckConstraint(
            "status IN ('in_force', 'replaced', 'revoked')", name=op.f("ck_certificate_status")
        ),
        sa.CheckConstraint(
            "(issue_number IS NULL) = (number_form IS NULL)",
            name=op.f("ck_certificate_number_has_form"),
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_certificate_valid_not_empty")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_certificate_change_order")),
        sa.PrimaryKeyConstraint(
            "certificate_id", "from_change", "valid", name=op.f("pk_certificate")
        ),
        schema="land",
        comment="a certificate of land-use right and its chain of re-issues (LA_BAUnit)",
    )
    op.create_index(
        "ix_certificate_current",
        "certificate",
        ["certificate_id", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_certificate_number",
        "certificate",
        ["issue_number"],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_certificate_replaces",
        "certificate",
        ["replaces"],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "certificate_right",
        sa.Column("certificate_id", sa.Text(), nullable=False, comment="certificate"),
        sa.Column("right_id", sa.Text(), nullable=False, comment="right that it certifies"),
        sa.Column(
            "map_sheet_no",
            sa.Text(),
            nullable=True,
            comment="map sheet that the paper itself states",
        ),
        sa.Column(
            "parcel_no",
            sa.Text(),
            nullable=True,
            comment="parcel number that the paper itself states",
        ),
        sa.Column(
            "valid",
            postgresql.DATERANGE(),
            nullable=False,
            comment="days on which it holds, half-open",
        ),
        sa.Column(
            "from_change",
            sa.BigInteger(),
            nullable=False,
            comment="change that recorded this version",
        ),
        sa.Column(
            "to_change",
            sa.BigInteger(),
            nullable=True,
            comment="change that ended it; null while it stands",
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_certificate_right_valid_not_empty")),
        sa.CheckConstraint(
            "to_change > from_change", name=op.f("ck_certificate_right_change_order")
        ),
        sa.PrimaryKeyConstraint(
            "certificate_id", "right_id", "from_change", "valid", name=op.f("pk_certificate_right")
        ),
        schema="land",
        comment="what a certificate certifies",
    )
    op.create_index(
        "ix_certificate_right_current",
        "certificate_right",
        [
            "certificate_id",
            "right_id",
            sa.literal_column("(coalesce(upper(valid), 'infinity'::date))"),
        ],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_certificate_right_right",
        "certificate_right",
        ["right_id"],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "land_right",
        sa.Column(
            "right_id", sa.Text(), nullable=False, comment="the register's own name of the right"
        ),
        sa.Column(
            "parcel_id",
            sa.Text(),
            nullable=False,
            comment="parcel that it is over, or that the space stands on",
        ),
        sa.Column(
            "legal_space_id",
            sa.Text(),
            nullable=True,
            comment="space that it is over; null: the parcel itself",
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="land_use, asset_ownership or lease"),
        sa.Column(
            "legal_form",
            sa.Text(),
            nullable=False,
            comment="single, spouses, shared, joint or household",
        ),
        sa.Column(
            "derived_from",
            sa.Text(),
            nullable=True,
            comment="right that a lease was granted out of",
        ),
        sa.Column(
            "ends_on",
            sa.Date(),
            nullable=True,
            comment="first day on which it ends; null: without a term",
        ),
        sa.Column(
            "valid",
            postgresql.DATERANGE(),
            nullable=False,
            comment="days on which it holds, half-open",
        ),
        sa.Column(
            "from_change",
            sa.BigInteger(),
            nullable=False,
            comment="change that recorded this version",
        ),
        sa.Column(
            "to_change",
            sa.BigInteger(),
            nullable=True,
            comment="change that ended it; null while it stands",
        ),
        sa.CheckConstraint(
            "(kind = 'lease') = (derived_from IS NOT NULL)",
            name=op.f("ck_land_right_lease_has_origin"),
        ),
        sa.CheckConstraint(
            "kind IN ('land_use', 'asset_ownership', 'lease')", name=op.f("ck_land_right_kind")
        ),
        sa.CheckConstraint(
            "legal_form IN ('single', 'spouses', 'shared', 'joint', 'household')",
            name=op.f("ck_land_right_legal_form"),
        ),
        sa.CheckConstraint(
            "right_id ~ '^[0-9A-Z]{1,40}$'", name=op.f("ck_land_right_right_id_shape")
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_land_right_valid_not_empty")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_land_right_change_order")),
        sa.PrimaryKeyConstraint("right_id", "from_change", "valid", name=op.f("pk_land_right")),
        schema="land",
        comment="a right over a parcel or a space on it (LA_Right)",
    )
    op.create_index(
        "ix_land_right_current",
        "land_right",
        ["right_id", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_land_right_origin",
        "land_right",
        ["derived_from"],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_land_right_parcel",
        "land_right",
        ["parcel_id"],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "land_use",
        sa.Column("parcel_id", sa.Text(), nullable=False, comment="parcel that is used"),
        sa.Column(
            "line_no",
            sa.SmallInteger(),
            nullable=False,
            comment="place in the list of uses, from 1",
        ),
        sa.Column(
            "regime",
            sa.Text(),
            nullable=False,
            comment="version of the list of land uses; never read the code without",
        ),
        sa.Column(
            "code",
            sa.Text(),
            nullable=True,
            comment="code in that list; null where the paper has only words",
        ),
        sa.Column(
            "text_as_written",
            sa.Text(),
            nullable=False,
            comment="the words of the paper, never altered",
        ),
        sa.Column(
            "area_m2",
            sa.Numeric(precision=16, scale=2),
            nullable=True,
            comment="area so used, square metres",
        ),
        sa.Column("origin", sa.Text(), nullable=False, comment="where the use came from"),
        sa.Column(
            "is_common", sa.Boolean(), nullable=False, comment="used in common, not privately"
        ),
        sa.Column(
            "term_until",
            sa.Date(),
            nullable=True,
            comment="first day on which the use ends; null: long-term",
        ),
        sa.Column(
            "valid",
            postgresql.DATERANGE(),
            nullable=False,
            comment="days on which it holds, half-open",
        ),
        sa.Column(
            "from_change",
            sa.BigInteger(),
            nullable=False,
            comment="change that recorded this version",
        ),
        sa.Column(
            "to_change",
            sa.BigInteger(),
            nullable=True,
            comment="change that ended it; null while it stands",
        ),
        sa.CheckConstraint(
            "origin IN ('allocated_free', 'allocated_for_fee', 'recognised_free', 'recognised_for_fee', 'leased_annual', 'leased_one_off', 'transferred', 'inherited', 'given', 'unknown')",
            name=op.f("ck_land_use_origin"),
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_land_use_valid_not_empty")),
        sa.CheckConstraint("area_m2 > 0", name=op.f("ck_land_use_area")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_land_use_change_order")),
        sa.PrimaryKeyConstraint(
            "parcel_id", "line_no", "from_change", "valid", name=op.f("pk_land_use")
        ),
        schema="land",
        comment="what a parcel may be used for",
    )
    op.create_index(
        "ix_land_use_current",
        "land_use",
        ["parcel_id", "line_no", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "legal_space",
        sa.Column(
            "legal_space_id",
            sa.Text(),
            nullable=False,
            comment="the register's own name of the space",
        ),
        sa.Column("parcel_id", sa.Text(), nullable=False, comment="parcel that it stands on"),
        sa.Column(
            "kind", sa.Text(), nullable=False, comment="house, apartment, works or common_part"
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="name or sort as the paper writes it"),
        sa.Column("flat_no", sa.Text(), nullable=True, comment="number of the flat"),
        sa.Column(
            "storeys",
            sa.SmallInteger(),
            nullable=True,
            comment="storeys of a house, storey of a flat",
        ),
        sa.Column(
            "built_area_m2",
            sa.Numeric(precision=16, scale=2),
            nullable=True,
            comment="area of the ground that it covers, square metres",
        ),
        sa.Column(
            "floor_area_m2",
            sa.Numeric(precision=16, scale=2),
            nullable=True,
            comment="floor area, or usable area of a flat, square metres",
        ),
        sa.Column(
            "ownership_form",
            sa.Text(),
            nullable=True,
            comment="private or common, as the paper writes it",
        ),
        sa.Column(
            "grade", sa.Text(), nullable=True, comment="class and grade of the building as written"
        ),
        sa.Column(
            "ends_on",
            sa.Date(),
            nullable=True,
            comment="first day on which the ownership ends; null: no term",
        ),
        sa.Column(
            "valid",
            postgresql.DATERANGE(),
            nullable=False,
            comment="days on which it holds, half-open",
        ),
        sa.Column(
            "from_change",
            sa.BigInteger(),
            nullable=False,
            comment="change that recorded this version",
        ),
        sa.Column(
            "to_change",
            sa.BigInteger(),
            nullable=True,
            comment="change that ended it; null while it stands",
        ),
        sa.CheckConstraint(
            "kind IN ('house', 'apartment', 'works', 'common_part')",
            name=op.f("ck_legal_space_kind"),
        ),
        sa.CheckConstraint(
            "legal_space_id ~ '^[0-9A-Z]{1,40}$'", name=op.f("ck_legal_space_legal_space_id_shape")
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_legal_space_valid_not_empty")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_legal_space_change_order")),
        sa.PrimaryKeyConstraint(
            "legal_space_id", "from_change", "valid", name=op.f("pk_legal_space")
        ),
        schema="land",
        comment="a house, flat, works or common part as a space in law (LA_LegalSpaceBuildingUnit)",
    )
    op.create_index(
        "ix_legal_space_current",
        "legal_space",
        ["legal_space_id", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_legal_space_parcel",
        "legal_space",
        ["parcel_id"],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "lineage",
        sa.Column(
            "parcel_id", sa.Text(), nullable=False, comment="parcel that came from the other"
        ),
        sa.Column(
            "ancestor_id",
            sa.Text(),
            nullable=False,
            comment="parcel that it came from, wholly or partly",
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="split, merge or adjustment"),
        sa.Column(
            "valid",
            postgresql.DATERANGE(),
            nullable=False,
            comment="days on which it holds, half-open",
        ),
        sa.Column(
            "from_change",
            sa.BigInteger(),
            nullable=False,
            comment="change that recorded this version",
        ),
        sa.Column(
            "to_change",
            sa.BigInteger(),
            nullable=True,
            comment="change that ended it; null while it stands",
        ),
        sa.CheckConstraint(
            "kind IN ('split', 'merge', 'adjustment')", name=op.f("ck_lineage_kind")
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_lineage_valid_not_empty")),
        sa.CheckConstraint("parcel_id <> ancestor_id", name=op.f("ck_lineage_not_itself")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_lineage_change_order")),
        sa.PrimaryKeyConstraint(
            "parcel_id", "ancestor_id", "from_change", "valid", name=op.f("pk_lineage")
        ),
        schema="land",
        comment="which parcels came from which, from the day of the act on",
    )
    op.create_index(
        "ix_lineage_ancestor",
        "lineage",
        ["ancestor_id"],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_lineage_current",
        "lineage",
        [
            "parcel_id",
            "ancestor_id",
            sa.literal_column("(coalesce(upper(valid), 'infinity'::date))"),
        ],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "mortgage",
        sa.Column(
            "mortgage_id",
            sa.Text(),
            nullable=False,
            comment="the register's own name of the mortgage",
        ),
        sa.Column("right_id", sa.Text(), nullable=False, comment="right that is mortgaged"),
        sa.Column(
            "party_ref",
            sa.Text(),
            nullable=False,
            comment="mortgagee: kind and number, such as pin:…",
        ),
        sa.Column(
            "party_name",
            sa.Text(),
            nullable=False,
            comment="mortgagee: name as the paper writes it",
        ),
        sa.Column(
            "contract_no", sa.Text(), nullable=True, comment="number of the mortgage contract"
        ),
        sa.Column(
            "secured_amount",
            sa.Numeric(precision=24, scale=2),
            nullable=True,
            comment="secured amount, in its currency",
        ),
        sa.Column(
            "currency", sa.Text(), nullable=False, comment="currency of the amount, ISO 4217"
        ),
        sa.Column(
            "rank", sa.SmallInteger(), nullable=False, comment="order of registration, 1 first"
        ),
        sa.Column(
            "valid",
            postgresql.DATERANGE(),
            nullable=False,
            comment="days on which it holds, half-open",
        ),
        sa.Column(
            "from_change",
            sa.BigInteger(),
            nullable=False,
            comment="change that recorded this version",
        ),
        sa.Column(
            "to_change",
            sa.BigInteger(),
            nullable=True,
            comment="change that ended it; null while it stands",
        ),
        sa.CheckConstraint(
            "mortgage_id ~ '^[0-9A-Z]{1,40}$'", name=op.f("ck_mortgage_mortgage_id_shape")
        ),
        sa.CheckConstraint(
            "party_ref ~ '^(pin:[0-9]{12}|enterprise:[0-9]{10}|state:[A-Z][0-9]{2}[.0-9A-Z]*|(document|organisation):[A-Z]{2}:[0-9A-Z]{3,30}|(community|household|unidentified):[0-9A-Z]{1,40})$'",
            name=op.f("ck_mortgage_party_ref"),
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_mortgage_valid_not_empty")),
        sa.CheckConstraint("rank > 0", name=op.f("ck_mortgage_rank")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_mortgage_change_order")),
        sa.PrimaryKeyConstraint("mortgage_id", "right_id", "from_change", "valid", name=op.f("pk_mortgage")),
        schema="land",
        comment="a registered security over a right (LA_Mortgage)",
    )
    op.create_index(
        "ix_mortgage_current",
        "mortgage",
        ["mortgage_id", "right_id", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_mortgage_right",
        "mortgage",
        ["right_id"],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "parcel",
        sa.Column(
            "parcel_id",
            sa.Text(),
            nullable=False,
            comment="the register's own name of the parcel, opaque, never given again",
        ),
        sa.Column(
            "parcel_identifier",
            sa.Text(),
            nullable=True,
            comment="twelve signs given by the national database, if it has them",
        ),
        sa.Column("commune_code", sa.Text(), nullable=False, comment="commune, in commune_version"),
        sa.Column(
            "commune_version",
            sa.Text(),
            nullable=False,
            comment="version of commune_code and province_code",
        ),
        sa.Column(
            "province_code", sa.Text(), nullable=False, comment="province, in commune_version"
        ),
        sa.Column(
            "old_commune_code",
            sa.Text(),
            nullable=True,
            comment="commune that the map sheet was numbered in",
        ),
        sa.Column(
            "old_commune_version", sa.Text(), nullable=True, comment="version of old_commune_code"
        ),
        sa.Column(
            "map_sheet_no",
            sa.Text(),
            nullable=True,
            comment="number of the cadastral map sheet; several communes may have it",
        ),
        sa.Column(
            "parcel_no",
            sa.Text(),
            nullable=True,
            comment="number of the parcel on the sheet; not unique in real data",
        ),
        sa.Column(
            "legal_area_m2",
            sa.Numeric(precision=16, scale=2),
            nullable=False,
            comment="area that the certificate or decision states, square metres",
        ),
        sa.Column(
            "measured_area_m2",
            sa.Numeric(precision=16, scale=2),
            nullable=True,
            comment="area of the survey, square metres",
        ),
        sa.Column(
            "survey_srid",
            sa.Integer(),
            nullable=True,
            comment="EPSG code of the zone that shape is kept in",
        ),
        sa.Column(
            "survey_accuracy_m",
            sa.Numeric(precision=6, scale=3),
            nullable=True,
            comment="mean error of a boundary point, metres",
        ),
        sa.Column("surveyed_on", sa.Date(), nullable=True, comment="day of the survey"),
        sa.Column(
            "survey_document",
            sa.Text(),
            nullable=True,
            comment="number of the survey paper (LA_SpatialSource)",
        ),
        sa.Column(
            "address_text", sa.Text(), nullable=True, comment="address of the parcel as written"
        ),
        sa.Column(
            "is_parcel",
            sa.Boolean(),
            nullable=False,
            comment="false: it occupies land without being a parcel, such as a road or a river",
        ),
        sa.Column(
            "shape",
            geoalchemy2.types.Geometry(
                geometry_type="MULTIPOLYGON",
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
            comment="boundary in the zone survey_srid, metres, east before north",
        ),
        sa.Column(
            "shape_4756",
            geoalchemy2.types.Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4756,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
            comment="the same in EPSG:4756, longitude before latitude",
        ),
        sa.Column(
            "valid",
            postgresql.DATERANGE(),
            nullable=False,
            comment="days on which it holds, half-open",
        ),
        sa.Column(
            "from_change",
            sa.BigInteger(),
            nullable=False,
            comment="change that recorded this version",
        ),
        sa.Column(
            "to_change",
            sa.BigInteger(),
            nullable=True,
            comment="change that ended it; null while it stands",
        ),
        sa.CheckConstraint(
            "parcel_id ~ '^[0-9A-Z]{1,40}$'", name=op.f("ck_parcel_parcel_id_shape")
        ),
        sa.CheckConstraint(
            "parcel_identifier ~ '^[0-9A-Z]{12}$'", name=op.f("ck_parcel_parcel_identifier")
        ),
        sa.CheckConstraint(
            "(old_commune_code IS NULL) = (old_commune_version IS NULL)",
            name=op.f("ck_parcel_old_commune_version"),
        ),
        sa.CheckConstraint(
            "(shape IS NULL) = (shape_4756 IS NULL) AND (shape IS NULL OR (survey_srid IS NOT NULL AND st_srid(shape) = survey_srid))",
            name=op.f("ck_parcel_shape_in_zone"),
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_parcel_valid_not_empty")),
        sa.CheckConstraint("legal_area_m2 > 0", name=op.f("ck_parcel_legal_area")),
        sa.CheckConstraint("measured_area_m2 > 0", name=op.f("ck_parcel_measured_area")),
        sa.CheckConstraint("survey_accuracy_m > 0", name=op.f("ck_parcel_survey_accuracy")),
        sa.CheckConstraint(
            "survey_srid IN (4756, 3405, 3406, 5896, 5897, 5898, 5899, 9205, 9206, 9207, 9208, 9209, 9210, 9211, 9212, 9213, 9214, 9215, 9216, 9217, 9218)",
            name=op.f("ck_parcel_survey_srid"),
        ),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_parcel_change_order")),
        sa.PrimaryKeyConstraint("parcel_id", "from_change", "valid", name=op.f("pk_parcel")),
        schema="land",
        comment="a parcel or another object that occupies land (LA_SpatialUnit)",
    )
    op.create_index(
        "ix_parcel_commune",
        "parcel",
        ["commune_code", "commune_version", "parcel_id"],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_parcel_current",
        "parcel",
        ["parcel_id", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_parcel_identifier",
        "parcel",
        ["parcel_identifier"],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_parcel_shape",
        "parcel",
        ["shape_4756"],
        unique=False,
        schema="land",
        postgresql_using="gist",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_parcel_sheet",
        "parcel",
        ["old_commune_code", "map_sheet_no", "parcel_no"],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "responsibility",
        sa.Column(
            "responsibility_id",
            sa.Text(),
            nullable=False,
            comment="the register's own name of the responsibility",
        ),
        sa.Column("right_id", sa.Text(), nullable=False, comment="right that it goes with"),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="land_use_fee, land_rent, registration_fee or land_tax",
        ),
        sa.Column(
            "amount",
            sa.Numeric(precision=24, scale=2),
            nullable=False,
            comment="amount owed, in its currency",
        ),
        sa.Column(
            "currency", sa.Text(), nullable=False, comment="currency of the amount, ISO 4217"
        ),
        sa.Column("due_on", sa.Date(), nullable=True, comment="last day to pay"),
        sa.Column(
            "valid",
            postgresql.DATERANGE(),
            nullable=False,
            comment="days on which it holds, half-open",
        ),
        sa.Column(
            "from_change",
            sa.BigInteger(),
            nullable=False,
            comment="change that recorded this version",
        ),
        sa.Column(
            "to_change",
            sa.BigInteger(),
            nullable=True,
            comment="change that ended it; null while it stands",
        ),
        sa.CheckConstraint(
            "kind IN ('land_use_fee', 'land_rent', 'registration_fee', 'land_tax')",
            name=op.f("ck_responsibility_kind"),
        ),
        sa.CheckConstraint(
            "responsibility_id ~ '^[0-9A-Z]{1,40}$'",
            name=op.f("ck_responsibility_responsibility_id_shape"),
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_responsibility_valid_not_empty")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_responsibility_amount")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_responsibility_change_order")),
        sa.PrimaryKeyConstraint(
            "responsibility_id", "from_change", "valid", name=op.f("pk_responsibility")
        ),
        schema="land",
        comment="what a holder owes for the land (LA_Responsibility)",
    )
    op.create_index(
        "ix_responsibility_current",
        "responsibility",
        ["responsibility_id", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_responsibility_right",
        "responsibility",
        ["right_id"],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "restriction",
        sa.Column(
            "restriction_id",
            sa.Text(),
            nullable=False,
            comment="the register's own name of the restriction",
        ),
        sa.Column("parcel_id", sa.Text(), nullable=False, comment="parcel that is restricted"),
        sa.Column(
            "kind", sa.Text(), nullable=False, comment="attachment, dispute, planning and so on"
        ),
        sa.Column("decided_by", sa.Text(), nullable=False, comment="body that decided"),
        sa.Column(
            "decision_no", sa.Text(), nullable=False, comment="number of the decision or case"
        ),
        sa.Column("note", sa.Text(), nullable=True, comment="what exactly is limited"),
        sa.Column(
            "valid",
            postgresql.DATERANGE(),
            nullable=False,
            comment="days on which it holds, half-open",
        ),
        sa.Column(
            "from_change",
            sa.BigInteger(),
            nullable=False,
            comment="change that recorded this version",
        ),
        sa.Column(
            "to_change",
            sa.BigInteger(),
            nullable=True,
            comment="change that ended it; null while it stands",
        ),
        sa.CheckConstraint(
            "kind IN ('attachment', 'dispute', 'recovery_notice', 'planning', 'safety_corridor', 'foreign_party', 'other')",
            name=op.f("ck_restriction_kind"),
        ),
        sa.CheckConstraint(
            "restriction_id ~ '^[0-9A-Z]{1,40}$'", name=op.f("ck_restriction_restriction_id_shape")
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_restriction_valid_not_empty")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_restriction_change_order")),
        sa.PrimaryKeyConstraint(
            "restriction_id", "parcel_id", "from_change", "valid", name=op.f("pk_restriction")
        ),
        schema="land",
        comment="a limit on the use or disposal of a parcel (LA_Restriction)",
    )
    op.create_index(
        "ix_restriction_current",
        "restriction",
        ["restriction_id", "parcel_id", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_restriction_parcel",
        "restriction",
        ["parcel_id"],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "right_holder",
        sa.Column("right_id", sa.Text(), nullable=False, comment="right that is held"),
        sa.Column(
            "party_ref", sa.Text(), nullable=False, comment="holder: kind and number, such as pin:…"
        ),
        sa.Column(
            "party_name", sa.Text(), nullable=False, comment="holder: name as the paper writes it"
        ),
        sa.Column(
            "share_numerator", sa.BigInteger(), nullable=False, comment="share: above the line"
        ),
        sa.Column(
            "share_denominator", sa.BigInteger(), nullable=False, comment="share: below the line"
        ),
        sa.Column(
            "role",
            sa.Text(),
            nullable=False,
            comment="role in which the certificate names the holder",
        ),
        sa.Column(
            "birth_date",
            sa.Text(),
            nullable=True,
            comment="YYYY or YYYY-MM-DD, as far as the paper says",
        ),
        sa.Column(
            "nationality_code",
            sa.Text(),
            nullable=True,
            comment="country, ISO 3166-1 alpha-2, where it is known",
        ),
        sa.Column("contact_address", sa.Text(), nullable=True, comment="address as written"),
        sa.Column(
            "valid",
            postgresql.DATERANGE(),
            nullable=False,
            comment="days on which it holds, half-open",
        ),
        sa.Column(
            "from_change",
            sa.BigInteger(),
            nullable=False,
            comment="change that recorded this version",
        ),
        sa.Column(
            "to_change",
            sa.BigInteger(),
            nullable=True,
            comment="change that ended it; null while it stands",
        ),
        sa.CheckConstraint(
            "birth_date ~ '^[0-9]{4}(-[0-9]{2}-[0-9]{2})?$'",
            name=op.f("ck_right_holder_birth_date"),
        ),
        sa.CheckConstraint(
            "party_ref ~ '^(pin:[0-9]{12}|enterprise:[0-9]{10}|state:[A-Z][0-9]{2}[.0-9A-Z]*|(document|organisation):[A-Z]{2}:[0-9A-Z]{3,30}|(community|household|unidentified):[0-9A-Z]{1,40})$'",
            name=op.f("ck_right_holder_party_ref"),
        ),
        sa.CheckConstraint(
            "role IN ('individual', 'husband', 'wife', 'household_head', 'member', 'representative', 'organisation')",
            name=op.f("ck_right_holder_role"),
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_right_holder_valid_not_empty")),
        sa.CheckConstraint(
            "share_numerator > 0 AND share_numerator <= share_denominator",
            name=op.f("ck_right_holder_share_of_one"),
        ),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_right_holder_change_order")),
        sa.PrimaryKeyConstraint(
            "right_id", "party_ref", "from_change", "valid", name=op.f("pk_right_holder")
        ),
        schema="land",
        comment="a share of a right; the shares of a right are its group (LA_Party, LA_GroupParty)",
    )
    op.create_index(
        "ix_right_holder_current",
        "right_holder",
        ["right_id", "party_ref", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_right_holder_party",
        "right_holder",
        ["party_ref"],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "source",
        sa.Column(
            "source_id", sa.Text(), nullable=False, comment="the register's own name of the paper"
        ),
        sa.Column("parcel_id", sa.Text(), nullable=False, comment="parcel that it is about"),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="application, contract, decision, judgment, survey or other",
        ),
        sa.Column("title", sa.Text(), nullable=False, comment="what it is, in words"),
        sa.Column("number", sa.Text(), nullable=True, comment="its number"),
        sa.Column("issued_by", sa.Text(), nullable=True, comment="who issued it"),
        sa.Column("issued_on", sa.Date(), nullable=True, comment="its day"),
        sa.Column("file_name", sa.Text(), nullable=True, comment="name of the scanned file"),
        sa.Column(
            "valid",
            postgresql.DATERANGE(),
            nullable=False,
            comment="days on which it holds, half-open",
        ),
        sa.Column(
            "from_change",
            sa.BigInteger(),
            nullable=False,
            comment="change that recorded this version",
        ),
        sa.Column(
            "to_change",
            sa.BigInteger(),
            nullable=True,
            comment="change that ended it; null while it stands",
        ),
        sa.CheckConstraint(
            "kind IN ('application', 'contract', 'decision', 'judgment', 'survey', 'other')",
            name=op.f("ck_source_kind"),
        ),
        sa.CheckConstraint(
            "source_id ~ '^[0-9A-Z]{1,40}$'", name=op.f("ck_source_source_id_shape")
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_source_valid_not_empty")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_source_change_order")),
        sa.PrimaryKeyConstraint("source_id", "from_change", "valid", name=op.f("pk_source")),
        schema="land",
        comment="a paper that a registration rests on (LA_AdministrativeSource)",
    )
    op.create_index(
        "ix_source_current",
        "source",
        ["source_id", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_source_parcel",
        "source",
        ["parcel_id"],
        unique=False,
        schema="land",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.execute(assets.read("land_zones_0001"))
    op.execute(assets.read("ledger_0001", schema="land"))
    for table, key in VERSIONED.items():
        columns = ", ".join(f"'{column}'" for column in key)
        op.execute(assets.read("versioned_table_0001", schema="land", table=table, key=columns))
    op.execute(
        assets.read(
            "no_overlap_0001",
            schema="land",
            table="certificate",
            rule="one_number",
            condition="issue_number IS NOT NULL",
            key="'issue_number'",
        )
    )


def downgrade() -> None:
    """Go back: the register and its history are gone."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    for table in (*VERSIONED, "change_head", "change"):
        op.drop_table(table, schema="land")
    op.execute(assets.read("code_lists_0001_down", schema="land"))
    op.execute(assets.read("ledger_0001_down", schema="land"))
    op.execute("REVOKE USAGE ON SCHEMA land FROM land_service, land_reader")
