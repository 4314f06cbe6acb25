"""Create the insurance register.

Revision: 0001, after the beginning.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import assets

# Table → columns that name a record.
VERSIONED: dict[str, tuple[str, ...]] = {
    "benefit": ("decision_no",),
    "book_alias": ("old_no",),
    "contribution": ("participant_no", "scheme", "unit_code"),
    "employer": ("unit_code",),
    "facility": ("facility_code",),
    "health_card": ("card_code",),
    "household_cover": ("participant_no",),
    "participant": ("participant_no",),
    "spell": ("participant_no", "scheme", "unit_code"),
}
# Table → name, condition and key of a rule besides that of its own key.
RULES: dict[str, tuple[str, str, str]] = {
    "contribution": ("one_payer", "scheme <> ''accident''", "'participant_no', 'scheme'"),
    "household_cover": ("one_position", "true", "'household_no', 'ordinal'"),
    "participant": ("one_pin", "pin IS NOT NULL", "'pin'"),
    "spell": ("one_unit", "scheme <> ''accident''", "'participant_no', 'scheme'"),
}

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute(assets.read("change_tables_0001", schema="insurance"))
    op.execute(assets.read("code_lists_0001", schema="insurance"))
    op.create_table(
        "benefit",
        sa.Column("decision_no", sa.Text(), nullable=False, comment="number of the decision"),
        sa.Column(
            "participant_no",
            sa.Text(),
            nullable=False,
            comment="the participant: social insurance number, or personal number of who has none",
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="what is granted"),
        sa.Column(
            "amount",
            sa.BigInteger(),
            nullable=False,
            comment="monthly, or at once for one-time benefits; VND",
        ),
        sa.Column("payer", sa.Text(), nullable=True, comment="body that pays"),
        sa.Column("account", sa.Text(), nullable=True, comment="bank account that it is paid to"),
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
            "kind IN ('sickness', 'maternity', 'retirement', 'survivors', 'accident', 'unemployment', 'one_time', 'maternity_lump_sum', 'social_pension')",
            name=op.f("ck_benefit_kind"),
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_benefit_valid_not_empty")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_benefit_amount_above_zero")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_benefit_change_order")),
        sa.PrimaryKeyConstraint("decision_no", "from_change", "valid", name=op.f("pk_benefit")),
        schema="insurance",
        comment="a benefit decision, on the days for which it pays",
    )
    op.create_index(
        "ix_benefit_current",
        "benefit",
        ["decision_no", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="insurance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_benefit_participant", "benefit", ["participant_no"], unique=False, schema="insurance"
    )
    op.create_table(
        "book_alias",
        sa.Column(
            "old_no",
            sa.Text(),
            nullable=False,
            comment="number of a book that was merged; it never returns",
        ),
        sa.Column(
            "new_no", sa.Text(), nullable=False, comment="participant whose book it went into"
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="why the books were merged"),
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
        sa.CheckConstraint(
            "new_no ~ '^([0-9]{10}|[0-9]{12})$'", name=op.f("ck_book_alias_new_no_shape")
        ),
        sa.CheckConstraint(
            "old_no ~ '^([0-9]{10}|[0-9]{12})$'", name=op.f("ck_book_alias_old_no_shape")
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_book_alias_valid_not_empty")),
        sa.CheckConstraint("old_no <> new_no", name=op.f("ck_book_alias_not_self")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_book_alias_change_order")),
        sa.PrimaryKeyConstraint("old_no", "from_change", "valid", name=op.f("pk_book_alias")),
        schema="insurance",
        comment="merged books and the book that stands",
    )
    op.create_index(
        "ix_book_alias_current",
        "book_alias",
        ["old_no", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="insurance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_book_alias_new_no",
        "book_alias",
        ["new_no"],
        unique=False,
        schema="insurance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "contribution",
        sa.Column(
            "participant_no",
            sa.Text(),
            nullable=False,
            comment="the participant: social insurance number, or personal number of who has none",
        ),
        sa.Column("scheme", sa.Text(), nullable=False, comment="scheme that was paid for"),
        sa.Column("unit_code", sa.Text(), nullable=False, comment="unit that paid"),
        sa.Column(
            "salary_amount",
            sa.BigInteger(),
            nullable=False,
            comment="monthly salary that was paid on, VND",
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
            "scheme IN ('compulsory', 'voluntary', 'health', 'unemployment', 'accident')",
            name=op.f("ck_contribution_scheme"),
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_contribution_valid_not_empty")),
        sa.CheckConstraint(
            "NOT lower_inf(valid) AND NOT upper_inf(valid)", name=op.f("ck_contribution_has_bounds")
        ),
        sa.CheckConstraint(
            "extract(day FROM lower(valid)) = 1 AND extract(day FROM upper(valid)) = 1",
            name=op.f("ck_contribution_whole_months"),
        ),
        sa.CheckConstraint("salary_amount > 0", name=op.f("ck_contribution_salary_above_zero")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_contribution_change_order")),
        sa.PrimaryKeyConstraint(
            "participant_no",
            "scheme",
            "unit_code",
            "from_change",
            "valid",
            name=op.f("pk_contribution"),
        ),
        schema="insurance",
        comment="whole months paid at one salary; the days of a version are those months",
    )
    op.create_index(
        "ix_contribution_current",
        "contribution",
        [
            "participant_no",
            "scheme",
            "unit_code",
            sa.literal_column("(coalesce(upper(valid), 'infinity'::date))"),
        ],
        unique=False,
        schema="insurance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "employer",
        sa.Column(
            "unit_code", sa.Text(), nullable=False, comment="code given by the insurance office"
        ),
        sa.Column(
            "enterprise_code",
            sa.Text(),
            nullable=True,
            comment="enterprise or tax code; null for bodies that are no enterprise",
        ),
        sa.Column("employer_name", sa.Text(), nullable=False, comment="name"),
        sa.Column(
            "street", sa.Text(), nullable=True, comment="employer: what stands before the commune"
        ),
        sa.Column(
            "commune_code",
            sa.Text(),
            nullable=True,
            comment="employer: commune, in the version beside it",
        ),
        sa.Column(
            "commune_version",
            sa.Text(),
            nullable=True,
            comment="version of the list that commune and province codes are of",
        ),
        sa.Column(
            "province_code",
            sa.Text(),
            nullable=True,
            comment="employer: province, in commune_version",
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
            "enterprise_code ~ '^[0-9]{10}$'", name=op.f("ck_employer_enterprise_code_shape")
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_employer_valid_not_empty")),
        sa.CheckConstraint(
            "commune_version IS NOT NULL OR (commune_code IS NULL AND province_code IS NULL)",
            name=op.f("ck_employer_unit_has_version"),
        ),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_employer_change_order")),
        sa.PrimaryKeyConstraint("unit_code", "from_change", "valid", name=op.f("pk_employer")),
        schema="insurance",
        comment="an employer or other unit through which contributions are paid",
    )
    op.create_index(
        "ix_employer_current",
        "employer",
        ["unit_code", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="insurance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_employer_enterprise",
        "employer",
        ["enterprise_code"],
        unique=False,
        schema="insurance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "facility",
        sa.Column("facility_code", sa.Text(), nullable=False, comment="five digits"),
        sa.Column("facility_name", sa.Text(), nullable=False, comment="name"),
        sa.Column(
            "street", sa.Text(), nullable=True, comment="facility: what stands before the commune"
        ),
        sa.Column(
            "commune_code",
            sa.Text(),
            nullable=True,
            comment="facility: commune, in the version beside it",
        ),
        sa.Column(
            "commune_version",
            sa.Text(),
            nullable=True,
            comment="version of the list that commune and province codes are of",
        ),
        sa.Column(
            "province_code",
            sa.Text(),
            nullable=True,
            comment="facility: province, in commune_version",
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
            "facility_code ~ '^[0-9]{5}$'", name=op.f("ck_facility_facility_code_shape")
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_facility_valid_not_empty")),
        sa.CheckConstraint(
            "commune_version IS NOT NULL OR (commune_code IS NULL AND province_code IS NULL)",
            name=op.f("ck_facility_unit_has_version"),
        ),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_facility_change_order")),
        sa.PrimaryKeyConstraint("facility_code", "from_change", "valid", name=op.f("pk_facility")),
        schema="insurance",
        comment="a treatment facility",
    )
    op.create_index(
        "ix_facility_current",
        "facility",
        ["facility_code", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="insurance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "health_card",
        sa.Column(
            "card_code", sa.Text(), nullable=False, comment="15 characters, 10 digits or 12 digits"
        ),
        sa.Column(
            "participant_no",
            sa.Text(),
            nullable=False,
            comment="the participant: social insurance number, or personal number of who has none",
        ),
        sa.Column(
            "object_code",
            sa.Text(),
            nullable=False,
            comment="group under which it was issued, two letters",
        ),
        sa.Column("issued_on", sa.Date(), nullable=False, comment="day of issue"),
        sa.Column(
            "facility_code",
            sa.Text(),
            nullable=True,
            comment="facility of first registration, five digits",
        ),
        sa.Column(
            "five_years_on",
            sa.Date(),
            nullable=True,
            comment="day on which five consecutive years are complete",
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
            "card_code ~ '^([A-Z]{2}[1-5][0-9]{12}|[0-9]{10}|[0-9]{12})$'",
            name=op.f("ck_health_card_card_code_shape"),
        ),
        sa.CheckConstraint(
            "facility_code ~ '^[0-9]{5}$'", name=op.f("ck_health_card_facility_code_shape")
        ),
        sa.CheckConstraint(
            "object_code ~ '^[A-Z]{2}$'", name=op.f("ck_health_card_object_code_shape")
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_health_card_valid_not_empty")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_health_card_change_order")),
        sa.PrimaryKeyConstraint("card_code", "from_change", "valid", name=op.f("pk_health_card")),
        schema="insurance",
        comment="a health card on its days of validity; the benefit level is computed, not kept",
    )
    op.create_index(
        "ix_health_card_current",
        "health_card",
        ["card_code", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="insurance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_health_card_participant",
        "health_card",
        ["participant_no"],
        unique=False,
        schema="insurance",
    )
    op.create_table(
        "household_cover",
        sa.Column(
            "participant_no",
            sa.Text(),
            nullable=False,
            comment="the participant: social insurance number, or personal number of who has none",
        ),
        sa.Column("household_no", sa.Text(), nullable=False, comment="number of the household"),
        sa.Column(
            "ordinal",
            sa.SmallInteger(),
            nullable=False,
            comment="position among the members, from 1",
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
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_household_cover_valid_not_empty")),
        sa.CheckConstraint("ordinal > 0", name=op.f("ck_household_cover_ordinal")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_household_cover_change_order")),
        sa.PrimaryKeyConstraint(
            "participant_no", "from_change", "valid", name=op.f("pk_household_cover")
        ),
        schema="insurance",
        comment="health cover of a member of a household; one household at a time",
    )
    op.create_index(
        "ix_household_cover_current",
        "household_cover",
        ["participant_no", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="insurance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_household_cover_household",
        "household_cover",
        ["household_no"],
        unique=False,
        schema="insurance",
    )
    op.create_table(
        "participant",
        sa.Column(
            "participant_no",
            sa.Text(),
            nullable=False,
            comment="the participant: social insurance number, or personal number of who has none",
        ),
        sa.Column(
            "social_insurance_no",
            sa.Text(),
            nullable=True,
            comment="ten digits; null for who was never given one",
        ),
        sa.Column(
            "pin", sa.Text(), nullable=True, comment="personal number; null where it is not known"
        ),
        sa.Column("full_name", sa.Text(), nullable=False, comment="full name as written"),
        sa.Column(
            "name_key",
            sa.Text(),
            nullable=False,
            comment="comparison key of full_name, made by the suite",
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
            comment="how much of the date is known: day, month, year",
        ),
        sa.Column("sex", sa.Text(), nullable=False, comment="sex: unknown, male, female"),
        sa.Column(
            "nationality_code", sa.Text(), nullable=False, comment="nationality, ISO 3166-1 alpha-2"
        ),
        sa.Column(
            "street", sa.Text(), nullable=True, comment="residence: what stands before the commune"
        ),
        sa.Column(
            "commune_code",
            sa.Text(),
            nullable=True,
            comment="residence: commune, in the version beside it",
        ),
        sa.Column(
            "commune_version",
            sa.Text(),
            nullable=True,
            comment="version of the list that commune and province codes are of",
        ),
        sa.Column(
            "province_code",
            sa.Text(),
            nullable=True,
            comment="residence: province, in commune_version",
        ),
        sa.Column("phone", sa.Text(), nullable=True, comment="telephone"),
        sa.Column("died_on", sa.Date(), nullable=True, comment="day of death, as a notice gave it"),
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
            name=op.f("ck_participant_birth_precision"),
        ),
        sa.CheckConstraint(
            "participant_no ~ '^([0-9]{10}|[0-9]{12})$'",
            name=op.f("ck_participant_participant_no_shape"),
        ),
        sa.CheckConstraint("pin ~ '^[0-9]{12}$'", name=op.f("ck_participant_pin_shape")),
        sa.CheckConstraint("sex IN ('unknown', 'male', 'female')", name=op.f("ck_participant_sex")),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_participant_valid_not_empty")),
        sa.CheckConstraint(
            "commune_version IS NOT NULL OR (commune_code IS NULL AND province_code IS NULL)",
            name=op.f("ck_participant_unit_has_version"),
        ),
        sa.CheckConstraint(
            "participant_no = coalesce(social_insurance_no, pin)",
            name=op.f("ck_participant_named_by_its_number"),
        ),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_participant_change_order")),
        sa.PrimaryKeyConstraint(
            "participant_no", "from_change", "valid", name=op.f("pk_participant")
        ),
        schema="insurance",
        comment="a participant of social or health insurance",
    )
    op.create_index(
        "ix_participant_current",
        "participant",
        ["participant_no", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="insurance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_participant_name",
        "participant",
        ["name_key", "birth_date"],
        unique=False,
        schema="insurance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_participant_pin",
        "participant",
        ["pin"],
        unique=False,
        schema="insurance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "spell",
        sa.Column(
            "participant_no",
            sa.Text(),
            nullable=False,
            comment="the participant: social insurance number, or personal number of who has none",
        ),
        sa.Column(
            "scheme",
            sa.Text(),
            nullable=False,
            comment="compulsory, voluntary, health, unemployment or accident",
        ),
        sa.Column("unit_code", sa.Text(), nullable=False, comment="unit through which it is paid"),
        sa.Column(
            "object_code",
            sa.Text(),
            nullable=True,
            comment="group of health insurance, two letters",
        ),
        sa.Column(
            "salary_amount",
            sa.BigInteger(),
            nullable=True,
            comment="monthly contribution salary or chosen income, VND",
        ),
        sa.Column(
            "allowance_amount",
            sa.BigInteger(),
            nullable=True,
            comment="monthly allowance that counts beside it, VND",
        ),
        sa.Column(
            "rate",
            sa.Numeric(precision=6, scale=5),
            nullable=True,
            comment="part of the salary paid in all; null: that of the law",
        ),
        sa.Column("place_of_work", sa.Text(), nullable=True, comment="place of work as written"),
        sa.Column("job", sa.Text(), nullable=True, comment="job as written"),
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
        sa.CheckConstraint("object_code ~ '^[A-Z]{2}$'", name=op.f("ck_spell_object_code_shape")),
        sa.CheckConstraint(
            "scheme IN ('compulsory', 'voluntary', 'health', 'unemployment', 'accident')",
            name=op.f("ck_spell_scheme"),
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_spell_valid_not_empty")),
        sa.CheckConstraint("allowance_amount >= 0", name=op.f("ck_spell_allowance_not_negative")),
        sa.CheckConstraint("rate BETWEEN 0 AND 1", name=op.f("ck_spell_rate")),
        sa.CheckConstraint("salary_amount > 0", name=op.f("ck_spell_salary_above_zero")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_spell_change_order")),
        sa.PrimaryKeyConstraint(
            "participant_no", "scheme", "unit_code", "from_change", "valid", name=op.f("pk_spell")
        ),
        schema="insurance",
        comment="days on which somebody is insured under a scheme through a unit, on the same terms",
    )
    op.create_index(
        "ix_spell_current",
        "spell",
        [
            "participant_no",
            "scheme",
            "unit_code",
            sa.literal_column("(coalesce(upper(valid), 'infinity'::date))"),
        ],
        unique=False,
        schema="insurance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_spell_unit",
        "spell",
        ["unit_code"],
        unique=False,
        schema="insurance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.execute(assets.read("ledger_0001", schema="insurance"))
    for table, key in VERSIONED.items():
        columns = ", ".join(f"'{column}'" for column in key)
        op.execute(
            assets.read("versioned_table_0001", schema="insurance", table=table, key=columns)
        )
    for table, (rule, condition, key) in RULES.items():
        op.execute(
            assets.read(
                "no_overlap_0001",
                schema="insurance",
                table=table,
                rule=rule,
                condition=condition,
                key=key,
            )
        )


def downgrade() -> None:
    """Go back: the register and its history are gone."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    for table in (*VERSIONED, "change_head", "change"):
        op.drop_table(table, schema="insurance")
    op.execute(assets.read("code_lists_0001_down", schema="insurance"))
    op.execute(assets.read("ledger_0001_down", schema="insurance"))
    op.execute("REVOKE USAGE ON SCHEMA insurance FROM insurance_service, insurance_reader")
