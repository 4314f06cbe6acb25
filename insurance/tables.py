"""The tables of the insurance register."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Index, Numeric, SmallInteger

from databases import base
from databases.changes import ledger as ledger_module
from databases.changes import versions
from databases.code_lists import tables as code_list_tables
from databases.identifiers import Sex
from databases.periods import Precision
from insurance import values

_text = base.text_column

metadata = base.new_metadata("insurance")
ledger = ledger_module.define_ledger(metadata)
code_lists = code_list_tables.define_tables(metadata)

_NUMBER = "{} ~ '^([0-9]{{10}}|[0-9]{{12}})$'"


def _participant_no() -> Column[str]:
    return _text(
        "participant_no",
        "the participant: social insurance number, or personal number of who has none",
        nullable=False,
    )


def _number_shape(column: str) -> CheckConstraint:
    return CheckConstraint(_NUMBER.format(column), name=f"{column}_shape")


def _address(what: str) -> tuple[Any, ...]:
    return (
        _text("street", f"{what}: what stands before the commune"),
        _text("commune_code", f"{what}: commune, in the version beside it"),
        _text("commune_version", "version of the list that commune and province codes are of"),
        _text("province_code", f"{what}: province, in commune_version"),
        CheckConstraint(
            "commune_version IS NOT NULL OR (commune_code IS NULL AND province_code IS NULL)",
            name="unit_has_version",
        ),
    )


def _amount(name: str, comment: str, **options: Any) -> Column[int]:
    return Column(name, BigInteger, comment=comment, **options)


participant = versions.versioned_table(
    "participant",
    metadata,
    _participant_no(),
    _text("social_insurance_no", "ten digits; null for who was never given one"),
    _text("pin", "personal number; null where it is not known"),
    _text("full_name", "full name as written", nullable=False),
    _text("name_key", "comparison key of full_name, made by the suite", nullable=False),
    Column("birth_date", Date, nullable=False, comment="first day that the date of birth can mean"),
    _text("birth_precision", "how much of the date is known: day, month, year", nullable=False),
    _text("sex", "sex: unknown, male, female", nullable=False),
    _text("nationality_code", "nationality, ISO 3166-1 alpha-2", nullable=False),
    *_address("residence"),
    _text("phone", "telephone"),
    Column("died_on", Date, comment="day of death, as a notice gave it"),
    _number_shape("participant_no"),
    base.digits("pin", 12, name="pin_shape"),
    # Together with the key: one participant for each social insurance number.
    CheckConstraint(
        "participant_no = coalesce(social_insurance_no, pin)", name="named_by_its_number"
    ),
    base.one_of("birth_precision", Precision, name="birth_precision"),
    base.one_of("sex", Sex, name="sex"),
    key=("participant_no",),
    comment="a participant of social or health insurance",
)
# One participant for each personal number: the rule `one_pin` of the migration.
versions.current_index("ix_participant_pin", participant.c.pin)
versions.current_index("ix_participant_name", participant.c.name_key, participant.c.birth_date)

book_alias = versions.versioned_table(
    "book_alias",
    metadata,
    _text("old_no", "number of a book that was merged; it never returns", nullable=False),
    _text("new_no", "participant whose book it went into", nullable=False),
    _text("reason", "why the books were merged", nullable=False),
    Column("decided_on", Date, nullable=False, comment="day of the decision"),
    _number_shape("old_no"),
    _number_shape("new_no"),
    CheckConstraint("old_no <> new_no", name="not_self"),
    key=("old_no",),
    comment="merged books and the book that stands",
)
versions.current_index("ix_book_alias_new_no", book_alias.c.new_no)

spell = versions.versioned_table(
    "spell",
    metadata,
    _participant_no(),
    _text("scheme", "compulsory, voluntary, health, unemployment or accident", nullable=False),
    _text("unit_code", "unit through which it is paid", nullable=False),
    _text("object_code", "group of health insurance, two letters"),
    _amount("salary_amount", "monthly contribution salary or chosen income, VND"),
    _amount("allowance_amount", "monthly allowance that counts beside it, VND"),
    Column("rate", Numeric(6, 5), comment="part of the salary paid in all; null: that of the law"),
    _text("place_of_work", "place of work as written"),
    _text("job", "job as written"),
    base.one_of("scheme", values.Scheme, name="scheme"),
    CheckConstraint("object_code ~ '^[A-Z]{2}$'", name="object_code_shape"),
    CheckConstraint("salary_amount > 0", name="salary_above_zero"),
    CheckConstraint("allowance_amount >= 0", name="allowance_not_negative"),
    CheckConstraint("rate BETWEEN 0 AND 1", name="rate"),
    key=("participant_no", "scheme", "unit_code"),
    comment="days on which somebody is insured under a scheme through a unit, on the same terms",
)
# One unit at a time but against accidents: the rule `one_unit` of the migration.
versions.current_index("ix_spell_unit", spell.c.unit_code)

contribution = versions.versioned_table(
    "contribution",
    metadata,
    _participant_no(),
    _text("scheme", "scheme that was paid for", nullable=False),
    _text("unit_code", "unit that paid", nullable=False),
    _amount("salary_amount", "monthly salary that was paid on, VND", nullable=False),
    base.one_of("scheme", values.Scheme, name="scheme"),
    CheckConstraint("salary_amount > 0", name="salary_above_zero"),
    CheckConstraint(
        "extract(day FROM lower(valid)) = 1 AND extract(day FROM upper(valid)) = 1",
        name="whole_months",
    ),
    CheckConstraint("NOT lower_inf(valid) AND NOT upper_inf(valid)", name="has_bounds"),
    key=("participant_no", "scheme", "unit_code"),
    comment="whole months paid at one salary; the days of a version are those months",
)
# A month of a scheme is paid once but against accidents: the rule `one_payer` of the migration.

household_cover = versions.versioned_table(
    "household_cover",
    metadata,
    _participant_no(),
    _text("household_no", "number of the household", nullable=False),
    Column("ordinal", SmallInteger, nullable=False, comment="position among the members, from 1"),
    CheckConstraint("ordinal > 0", name="ordinal"),
    key=("participant_no",),
    comment="health cover of a member of a household; one household at a time",
)
# One member for each position: the rule `one_position` of the migration.
Index("ix_household_cover_household", household_cover.c.household_no)

health_card = versions.versioned_table(
    "health_card",
    metadata,
    _text("card_code", "15 characters, 10 digits or 12 digits", nullable=False),
    _participant_no(),
    _text("object_code", "group under which it was issued, two letters", nullable=False),
    Column("issued_on", Date, nullable=False, comment="day of issue"),
    _text("facility_code", "facility of first registration, five digits"),
    Column("five_years_on", Date, comment="day on which five consecutive years are complete"),
    CheckConstraint(
        "card_code ~ '^([A-Z]{2}[1-5][0-9]{12}|[0-9]{10}|[0-9]{12})$'", name="card_code_shape"
    ),
    CheckConstraint("object_code ~ '^[A-Z]{2}$'", name="object_code_shape"),
    base.digits("facility_code", 5, name="facility_code_shape"),
    key=("card_code",),
    comment="a health card on its days of validity; the benefit level is computed, not kept",
)
Index("ix_health_card_participant", health_card.c.participant_no)

facility = versions.versioned_table(
    "facility",
    metadata,
    _text("facility_code", "five digits", nullable=False),
    _text("facility_name", "name", nullable=False),
    *_address("facility"),
    base.digits("facility_code", 5, name="facility_code_shape"),
    key=("facility_code",),
    comment="a treatment facility",
)

employer = versions.versioned_table(
    "employer",
    metadata,
    _text("unit_code", "code given by the insurance office", nullable=False),
    _text("enterprise_code", "enterprise or tax code; null for bodies that are no enterprise"),
    _text("employer_name", "name", nullable=False),
    *_address("employer"),
    base.digits("enterprise_code", 10, name="enterprise_code_shape"),
    key=("unit_code",),
    comment="an employer or other unit through which contributions are paid",
)
versions.current_index("ix_employer_enterprise", employer.c.enterprise_code)

benefit = versions.versioned_table(
    "benefit",
    metadata,
    _text("decision_no", "number of the decision", nullable=False),
    _participant_no(),
    _text("kind", "what is granted", nullable=False),
    _amount("amount", "monthly, or at once for one-time benefits; VND", nullable=False),
    _text("payer", "body that pays"),
    _text("account", "bank account that it is paid to"),
    base.one_of("kind", values.BenefitKind, name="kind"),
    CheckConstraint("amount > 0", name="amount_above_zero"),
    key=("decision_no",),
    comment="a benefit decision, on the days for which it pays",
)
Index("ix_benefit_participant", benefit.c.participant_no)
