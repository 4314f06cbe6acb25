"""Create the population register.

Revision: 0001, after the beginning.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import assets

# Table → columns that name a record.
VERSIONED = {
    "household": ("household_id",),
    "household_member": ("pin",),
    "identity_card": ("pin",),
    "kinship": ("pin", "role", "ordinal"),
    "person": ("pin",),
    "pin_alias": ("old_pin",),
    "residence": ("pin", "kind"),
}

# A cancelled number never returns, whoever writes: one check per statement, as for versions.
CANCELLED_NUMBERS = """
CREATE FUNCTION population.check_number_not_cancelled() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF EXISTS (
        SELECT 1 FROM added
        JOIN population.pin_alias alias ON alias.old_pin = added.pin AND alias.to_change IS NULL
    ) THEN
        RAISE EXCEPTION 'a cancelled number never returns'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'person_number_not_cancelled';
    END IF;
    RETURN NULL;
END
$body$;
CREATE TRIGGER person_number_not_cancelled AFTER INSERT ON population.person
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION population.check_number_not_cancelled();
ALTER TABLE population.person ENABLE ALWAYS TRIGGER person_number_not_cancelled;
"""

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        "change",
        sa.Column(
            "change_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="number of the change; grows by one in commit order, without gaps",
        ),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="moment at which the register took note",
        ),
        sa.Column(
            "recorded_by", sa.Text(), nullable=False, comment="officer or system that recorded it"
        ),
        sa.Column("act", sa.Text(), nullable=False, comment="register, noun and verb of the act"),
        sa.Column("reason", sa.Text(), nullable=False, comment="why, in words"),
        sa.Column(
            "legal_basis",
            sa.Text(),
            nullable=False,
            comment="article that allows or orders the act",
        ),
        sa.Column(
            "source_document",
            sa.Text(),
            nullable=False,
            comment="paper or message that the facts come from",
        ),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_change")),
        schema="population",
        comment="the ledger: one row per change of the register",
    )
    op.create_index(
        "ix_change_recorded_at", "change", ["recorded_at"], unique=False, schema="population"
    )
    op.create_table(
        "change_head",
        sa.Column(
            "singleton",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="always 1: the table has one row",
        ),
        sa.Column(
            "last_change",
            sa.BigInteger(),
            nullable=False,
            comment="number of the last change; its row lock puts writers in order",
        ),
        sa.Column(
            "transaction_id",
            sa.Text(),
            server_default="0",
            nullable=False,
            comment="transaction that took the number: versions are checked against it",
        ),
        sa.CheckConstraint("singleton = 1", name=op.f("ck_change_head_one_row")),
        sa.PrimaryKeyConstraint("singleton", name=op.f("pk_change_head")),
        schema="population",
        comment="where the ledger stands",
    )
    op.create_table(
        "household",
        sa.Column("household_id", sa.Text(), nullable=False, comment="number of the household"),
        sa.Column(
            "residence_file_no", sa.Text(), nullable=True, comment="number of its residence file"
        ),
        sa.Column(
            "street",
            sa.Text(),
            nullable=True,
            comment="permanent place: house and street or text as declared",
        ),
        sa.Column(
            "village",
            sa.Text(),
            nullable=True,
            comment="permanent place: village or residential group",
        ),
        sa.Column(
            "commune_code", sa.Text(), nullable=True, comment="permanent place: code of the commune"
        ),
        sa.Column(
            "commune_version",
            sa.Text(),
            nullable=True,
            comment="permanent place: version of the lists of communes and provinces the codes are from",
        ),
        sa.Column(
            "province_code",
            sa.Text(),
            nullable=True,
            comment="permanent place: code of the province",
        ),
        sa.Column(
            "country_code",
            sa.Text(),
            nullable=True,
            comment="permanent place: country, ISO 3166-1 alpha-2",
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
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_household_valid_not_empty")),
        sa.CheckConstraint(
            "num_nonnulls(commune_code, province_code) = 0 OR commune_version IS NOT NULL",
            name=op.f("ck_household_code_has_version"),
        ),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_household_change_order")),
        sa.PrimaryKeyConstraint("household_id", "from_change", "valid", name=op.f("pk_household")),
        schema="population",
        comment="a household and its permanent place",
    )
    op.create_index(
        "ix_household_current",
        "household",
        ["household_id", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="population",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "household_member",
        sa.Column(
            "pin", sa.Text(), nullable=False, comment="the member; in one household at a time"
        ),
        sa.Column("household_id", sa.Text(), nullable=False, comment="the household"),
        sa.Column(
            "relation_to_head", sa.Text(), nullable=False, comment="what the member is to the head"
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
        sa.CheckConstraint("pin ~ '^[0-9]{12}$'", name=op.f("ck_household_member_pin_shape")),
        sa.CheckConstraint(
            "relation_to_head IN ('HEAD', 'SPOUSE', 'PARENT', 'PARENT_IN_LAW', 'CHILD', 'CHILD_IN_LAW', 'SIBLING', 'GRANDPARENT', 'GRANDCHILD', 'NIECE_NEPHEW', 'GUARDIAN', 'WARD', 'TENANT_OR_CARED', 'OTHER')",
            name=op.f("ck_household_member_relation_to_head_known"),
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_household_member_valid_not_empty")),
        sa.CheckConstraint(
            "to_change > from_change", name=op.f("ck_household_member_change_order")
        ),
        sa.PrimaryKeyConstraint("pin", "from_change", "valid", name=op.f("pk_household_member")),
        schema="population",
        comment="who belongs to which household on which days",
    )
    op.create_index(
        "ix_household_member_current",
        "household_member",
        ["pin", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="population",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_household_member_household",
        "household_member",
        ["household_id"],
        unique=False,
        schema="population",
    )
    op.create_table(
        "identity_card",
        sa.Column(
            "pin", sa.Text(), nullable=False, comment="the holder; also the number of the card"
        ),
        sa.Column("card_type", sa.Text(), nullable=False, comment="generation of the card"),
        sa.Column("issued_on", sa.Date(), nullable=False, comment="day of issue"),
        sa.Column("issued_by", sa.Text(), nullable=False, comment="authority that issued it"),
        sa.Column(
            "expires_on",
            sa.Date(),
            nullable=True,
            comment="last day of validity; null without limit",
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
            "card_type IN ('CMND_12', 'CCCD_BARCODE', 'CCCD_CHIP', 'CAN_CUOC')",
            name=op.f("ck_identity_card_card_type_known"),
        ),
        sa.CheckConstraint("pin ~ '^[0-9]{12}$'", name=op.f("ck_identity_card_pin_shape")),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_identity_card_valid_not_empty")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_identity_card_change_order")),
        sa.PrimaryKeyConstraint("pin", "from_change", "valid", name=op.f("pk_identity_card")),
        schema="population",
        comment="the newest identity card of a person on the days of a version",
    )
    op.create_index(
        "ix_identity_card_current",
        "identity_card",
        ["pin", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="population",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "kinship",
        sa.Column("pin", sa.Text(), nullable=False, comment="whose relative it is"),
        sa.Column("role", sa.Text(), nullable=False, comment="what the relative is to the person"),
        sa.Column(
            "ordinal",
            sa.SmallInteger(),
            nullable=False,
            comment="counts relatives of one role, from 1",
        ),
        sa.Column(
            "relative_pin",
            sa.Text(),
            nullable=True,
            comment="number of the relative, if in the register",
        ),
        sa.Column(
            "relative_full_name",
            sa.Text(),
            nullable=True,
            comment="name of a relative who is not in the register",
        ),
        sa.Column(
            "relative_old_id_9",
            sa.Text(),
            nullable=True,
            comment="old card of a relative not in the register",
        ),
        sa.Column(
            "relative_nationality_code",
            sa.Text(),
            nullable=True,
            comment="nationality of such a relative",
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
            "ordinal = 1 OR role NOT IN ('FATHER', 'MOTHER', 'SPOUSE')",
            name=op.f("ck_kinship_one_of_role"),
        ),
        sa.CheckConstraint("pin ~ '^[0-9]{12}$'", name=op.f("ck_kinship_pin_shape")),
        sa.CheckConstraint(
            "relative_pin ~ '^[0-9]{12}$'", name=op.f("ck_kinship_relative_pin_shape")
        ),
        sa.CheckConstraint(
            "role IN ('FATHER', 'MOTHER', 'SPOUSE', 'CHILD', 'REPRESENTATIVE', 'REPRESENTED')",
            name=op.f("ck_kinship_role_known"),
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_kinship_valid_not_empty")),
        sa.CheckConstraint(
            "num_nonnulls(relative_pin, relative_full_name) > 0",
            name=op.f("ck_kinship_relative_named"),
        ),
        sa.CheckConstraint("relative_pin <> pin", name=op.f("ck_kinship_not_self")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_kinship_change_order")),
        sa.PrimaryKeyConstraint(
            "pin", "role", "ordinal", "from_change", "valid", name=op.f("pk_kinship")
        ),
        schema="population",
        comment="relatives of a person; a relation is written for both persons",
    )
    op.create_index(
        "ix_kinship_current",
        "kinship",
        ["pin", "role", "ordinal", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="population",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_kinship_relative",
        "kinship",
        ["relative_pin"],
        unique=False,
        schema="population",
        postgresql_where=sa.text("to_change IS NULL AND relative_pin IS NOT NULL"),
    )
    op.create_table(
        "person",
        sa.Column(
            "pin", sa.Text(), nullable=False, comment="personal identification number, 12 digits"
        ),
        sa.Column(
            "full_name", sa.Text(), nullable=False, comment="name of birth as written; the master"
        ),
        sa.Column(
            "family_name",
            sa.Text(),
            nullable=False,
            comment="family name, split from the full name",
        ),
        sa.Column(
            "middle_name",
            sa.Text(),
            nullable=False,
            comment="middle names; empty when there is none",
        ),
        sa.Column(
            "given_name", sa.Text(), nullable=False, comment="given name, split from the full name"
        ),
        sa.Column(
            "name_key", sa.Text(), nullable=False, comment="key of the full name for comparison"
        ),
        sa.Column(
            "other_name", sa.Text(), nullable=True, comment="another name the person goes by"
        ),
        sa.Column(
            "birth_date",
            sa.Date(),
            nullable=False,
            comment="first day that the date of birth can mean",
        ),
        sa.Column(
            "birth_precision",
            sa.Text(),
            nullable=False,
            comment="how much of the date is known: day …",
        ),
        sa.Column("sex", sa.Text(), nullable=False, comment="sex: unknown, male, female"),
        sa.Column(
            "birth_place_street",
            sa.Text(),
            nullable=True,
            comment="place of birth: house and street or text as declared",
        ),
        sa.Column(
            "birth_place_village",
            sa.Text(),
            nullable=True,
            comment="place of birth: village or residential group",
        ),
        sa.Column(
            "birth_place_commune_code",
            sa.Text(),
            nullable=True,
            comment="place of birth: code of the commune",
        ),
        sa.Column(
            "birth_place_commune_version",
            sa.Text(),
            nullable=True,
            comment="place of birth: version of the lists of communes and provinces the codes are from",
        ),
        sa.Column(
            "birth_place_province_code",
            sa.Text(),
            nullable=True,
            comment="place of birth: code of the province",
        ),
        sa.Column(
            "birth_place_country_code",
            sa.Text(),
            nullable=True,
            comment="place of birth: country, ISO 3166-1 alpha-2",
        ),
        sa.Column(
            "birth_registration_street",
            sa.Text(),
            nullable=True,
            comment="place of birth registration: house and street or text as declared",
        ),
        sa.Column(
            "birth_registration_village",
            sa.Text(),
            nullable=True,
            comment="place of birth registration: village or residential group",
        ),
        sa.Column(
            "birth_registration_commune_code",
            sa.Text(),
            nullable=True,
            comment="place of birth registration: code of the commune",
        ),
        sa.Column(
            "birth_registration_commune_version",
            sa.Text(),
            nullable=True,
            comment="place of birth registration: version of the lists of communes and provinces the codes are from",
        ),
        sa.Column(
            "birth_registration_province_code",
            sa.Text(),
            nullable=True,
            comment="place of birth registration: code of the province",
        ),
        sa.Column(
            "birth_registration_country_code",
            sa.Text(),
            nullable=True,
            comment="place of birth registration: country, ISO 3166-1 alpha-2",
        ),
        sa.Column(
            "native_place_street",
            sa.Text(),
            nullable=True,
            comment="native place: house and street or text as declared",
        ),
        sa.Column(
            "native_place_village",
            sa.Text(),
            nullable=True,
            comment="native place: village or residential group",
        ),
        sa.Column(
            "native_place_commune_code",
            sa.Text(),
            nullable=True,
            comment="native place: code of the commune",
        ),
        sa.Column(
            "native_place_commune_version",
            sa.Text(),
            nullable=True,
            comment="native place: version of the lists of communes and provinces the codes are from",
        ),
        sa.Column(
            "native_place_province_code",
            sa.Text(),
            nullable=True,
            comment="native place: code of the province",
        ),
        sa.Column(
            "native_place_country_code",
            sa.Text(),
            nullable=True,
            comment="native place: country, ISO 3166-1 alpha-2",
        ),
        sa.Column("ethnicity_code", sa.Text(), nullable=True, comment="code of the ethnic group"),
        sa.Column("religion_code", sa.Text(), nullable=True, comment="code of the religion"),
        sa.Column(
            "nationality_codes",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="nationalities, ISO 3166-1 alpha-2, in the order declared",
        ),
        sa.Column(
            "blood_group", sa.Text(), nullable=False, comment="blood group: unknown, A, B, AB, O"
        ),
        sa.Column("marital_status", sa.Text(), nullable=False, comment="marital status"),
        sa.Column(
            "old_id_9",
            sa.Text(),
            nullable=True,
            comment="nine-digit card number; not unique in the real world",
        ),
        sa.Column(
            "residence_file_no", sa.Text(), nullable=True, comment="number of the residence file"
        ),
        sa.Column("mobile_no", sa.Text(), nullable=True, comment="mobile subscriber number"),
        sa.Column("email", sa.Text(), nullable=True, comment="e-mail address"),
        sa.Column(
            "temporary_absence", sa.Text(), nullable=False, comment="declared temporary absence"
        ),
        sa.Column(
            "loss_kind", sa.Text(), nullable=True, comment="dead or missing; null for the living"
        ),
        sa.Column(
            "loss_date",
            sa.Date(),
            nullable=True,
            comment="first day that the date of death or missing can mean",
        ),
        sa.Column(
            "loss_precision",
            sa.Text(),
            nullable=True,
            comment="how much of that date is known: day, month, year",
        ),
        sa.Column(
            "other",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="further items set by the Government",
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
            "birth_precision IN ('day', 'month', 'year')",
            name=op.f("ck_person_birth_precision_known"),
        ),
        sa.CheckConstraint(
            "blood_group IN ('unknown', 'A', 'B', 'AB', 'O')",
            name=op.f("ck_person_blood_group_known"),
        ),
        sa.CheckConstraint(
            "loss_kind IN ('dead', 'missing')", name=op.f("ck_person_loss_kind_known")
        ),
        sa.CheckConstraint(
            "loss_precision IN ('day', 'month', 'year')",
            name=op.f("ck_person_loss_precision_known"),
        ),
        sa.CheckConstraint(
            "marital_status IN ('unknown', 'single', 'married', 'divorced', 'widowed')",
            name=op.f("ck_person_marital_status_known"),
        ),
        sa.CheckConstraint("old_id_9 ~ '^[0-9]{9}$'", name=op.f("ck_person_old_id_9_shape")),
        sa.CheckConstraint("pin ~ '^[0-9]{12}$'", name=op.f("ck_person_pin_shape")),
        sa.CheckConstraint(
            "sex IN ('unknown', 'male', 'female')", name=op.f("ck_person_sex_known")
        ),
        sa.CheckConstraint(
            "temporary_absence IN ('none', 'declared')",
            name=op.f("ck_person_temporary_absence_known"),
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_person_valid_not_empty")),
        sa.CheckConstraint(
            "num_nonnulls(birth_place_commune_code, birth_place_province_code) = 0 OR birth_place_commune_version IS NOT NULL",
            name=op.f("ck_person_birth_place_code_has_version"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(birth_registration_commune_code, birth_registration_province_code) = 0 OR birth_registration_commune_version IS NOT NULL",
            name=op.f("ck_person_birth_registration_code_has_version"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(loss_kind, loss_date, loss_precision) IN (0, 3)",
            name=op.f("ck_person_loss_whole"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(native_place_commune_code, native_place_province_code) = 0 OR native_place_commune_version IS NOT NULL",
            name=op.f("ck_person_native_place_code_has_version"),
        ),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_person_change_order")),
        sa.PrimaryKeyConstraint("pin", "from_change", "valid", name=op.f("pk_person")),
        schema="population",
        comment="a person on the days and in the knowledge of one version",
    )
    op.create_index(
        "ix_person_current",
        "person",
        ["pin", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="population",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_person_name",
        "person",
        ["name_key", "birth_date"],
        unique=False,
        schema="population",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_person_name_trigrams",
        "person",
        ["name_key"],
        unique=False,
        schema="population",
        postgresql_using="gin",
        postgresql_ops={"name_key": "gin_trgm_ops"},
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_person_old_id_9",
        "person",
        ["old_id_9"],
        unique=False,
        schema="population",
        postgresql_where=sa.text("to_change IS NULL AND old_id_9 IS NOT NULL"),
    )
    op.create_table(
        "pin_alias",
        sa.Column(
            "old_pin", sa.Text(), nullable=False, comment="cancelled number; it never returns"
        ),
        sa.Column(
            "new_pin", sa.Text(), nullable=False, comment="number that the person bears instead"
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="why the number was cancelled"),
        sa.Column("decided_on", sa.Date(), nullable=False, comment="day of the decision"),
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
        sa.CheckConstraint("new_pin ~ '^[0-9]{12}$'", name=op.f("ck_pin_alias_new_pin_shape")),
        sa.CheckConstraint("old_pin ~ '^[0-9]{12}$'", name=op.f("ck_pin_alias_old_pin_shape")),
        sa.CheckConstraint(
            "reason IN ('sex_redetermined', 'birth_year_corrected', 'entry_error')",
            name=op.f("ck_pin_alias_reason_known"),
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_pin_alias_valid_not_empty")),
        sa.CheckConstraint("old_pin <> new_pin", name=op.f("ck_pin_alias_not_self")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_pin_alias_change_order")),
        sa.PrimaryKeyConstraint("old_pin", "from_change", "valid", name=op.f("pk_pin_alias")),
        schema="population",
        comment="cancelled numbers and the numbers that replace them",
    )
    op.create_index(
        "ix_pin_alias_current",
        "pin_alias",
        ["old_pin", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="population",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_pin_alias_new_pin",
        "pin_alias",
        ["new_pin"],
        unique=False,
        schema="population",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "residence",
        sa.Column("pin", sa.Text(), nullable=False, comment="who lives there"),
        sa.Column("kind", sa.Text(), nullable=False, comment="permanent, temporary or current"),
        sa.Column(
            "street",
            sa.Text(),
            nullable=True,
            comment="residence: house and street or text as declared",
        ),
        sa.Column(
            "village", sa.Text(), nullable=True, comment="residence: village or residential group"
        ),
        sa.Column(
            "commune_code", sa.Text(), nullable=True, comment="residence: code of the commune"
        ),
        sa.Column(
            "commune_version",
            sa.Text(),
            nullable=True,
            comment="residence: version of the lists of communes and provinces the codes are from",
        ),
        sa.Column(
            "province_code", sa.Text(), nullable=True, comment="residence: code of the province"
        ),
        sa.Column(
            "country_code",
            sa.Text(),
            nullable=True,
            comment="residence: country, ISO 3166-1 alpha-2",
        ),
        sa.Column(
            "expires_on",
            sa.Date(),
            nullable=True,
            comment="last day of a temporary registration, as registered",
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
            "kind IN ('permanent', 'temporary', 'current')", name=op.f("ck_residence_kind_known")
        ),
        sa.CheckConstraint("pin ~ '^[0-9]{12}$'", name=op.f("ck_residence_pin_shape")),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_residence_valid_not_empty")),
        sa.CheckConstraint(
            "num_nonnulls(commune_code, province_code) = 0 OR commune_version IS NOT NULL",
            name=op.f("ck_residence_code_has_version"),
        ),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_residence_change_order")),
        sa.PrimaryKeyConstraint("pin", "kind", "from_change", "valid", name=op.f("pk_residence")),
        schema="population",
        comment="where a person lives, by kind; one place of each kind at a time",
    )
    op.create_index(
        "ix_residence_current",
        "residence",
        ["pin", "kind", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="population",
        postgresql_where=sa.text("to_change IS NULL"),
    )

    op.execute(assets.read("ledger_0001", schema="population"))
    for table, key in VERSIONED.items():
        columns = ", ".join(f"'{column}'" for column in key)
        op.execute(
            assets.read("versioned_table_0001", schema="population", table=table, key=columns)
        )
    op.execute(
        assets.read(
            "no_overlap_0001",
            schema="population",
            table="household_member",
            rule="one_head",
            condition="relation_to_head = ''HEAD''",
            key="'household_id'",
        )
    )
    op.execute(CANCELLED_NUMBERS)


def downgrade() -> None:
    """Go back."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    for table in (*VERSIONED, "change_head", "change"):
        op.drop_table(table, schema="population")
    op.execute("DROP FUNCTION population.check_number_not_cancelled()")
    op.execute(assets.read("ledger_0001_down", schema="population"))
    op.execute("REVOKE USAGE ON SCHEMA population FROM population_service, population_reader")
