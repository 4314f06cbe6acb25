"""The tables of the population register."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Index,
    SmallInteger,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from databases import base
from databases.changes import ledger as ledger_module
from databases.changes import versions
from databases.code_lists import tables as code_list_tables
from databases.identifiers import Sex
from databases.periods import Precision
from population import values

metadata = base.new_metadata("population")
ledger = ledger_module.define_ledger(metadata)
code_lists = code_list_tables.define_tables(metadata)

PLACES = ("birth_place", "birth_registration", "native_place")


def _one_of(column: str, kinds: type[StrEnum] | Sequence[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{kind.value}'" for kind in kinds)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def _digits(column: str, count: int) -> CheckConstraint:
    return CheckConstraint(f"{column} ~ '^[0-9]{{{count}}}$'", name=f"{column}_shape")


def _address(prefix: str, what: str) -> list[Column[str]]:
    return [
        Column(f"{prefix}street", Text, comment=f"{what}: house and street or text as declared"),
        Column(f"{prefix}village", Text, comment=f"{what}: village or residential group"),
        Column(f"{prefix}commune_code", Text, comment=f"{what}: code of the commune"),
        Column(
            f"{prefix}commune_version",
            Text,
            comment=f"{what}: version of the lists of communes and provinces the codes are from",
        ),
        Column(f"{prefix}province_code", Text, comment=f"{what}: code of the province"),
        Column(f"{prefix}country_code", Text, comment=f"{what}: country, ISO 3166-1 alpha-2"),
    ]


def _coded(prefix: str) -> CheckConstraint:
    return CheckConstraint(
        f"num_nonnulls({prefix}commune_code, {prefix}province_code) = 0"
        f" OR {prefix}commune_version IS NOT NULL",
        name=f"{prefix}code_has_version",
    )


person = versions.versioned_table(
    "person",
    metadata,
    Column("pin", Text, nullable=False, comment="personal identification number, 12 digits"),
    Column("full_name", Text, nullable=False, comment="name of birth as written; the master"),
    Column("family_name", Text, nullable=False, comment="family name, split from the full name"),
    Column("middle_name", Text, nullable=False, comment="middle names; empty when there is none"),
    Column("given_name", Text, nullable=False, comment="given name, split from the full name"),
    Column("name_key", Text, nullable=False, comment="key of the full name for comparison"),
    Column("other_name", Text, comment="another name the person goes by"),
    Column("birth_date", Date, nullable=False, comment="first day that the date of birth can mean"),
    Column("birth_precision", Text, nullable=False, comment="how much of the date is known: day …"),
    Column("sex", Text, nullable=False, comment="sex: unknown, male, female"),
    *_address("birth_place_", "place of birth"),
    *_address("birth_registration_", "place of birth registration"),
    *_address("native_place_", "native place"),
    Column("ethnicity_code", Text, comment="code of the ethnic group"),
    Column("religion_code", Text, comment="code of the religion"),
    Column(
        "nationality_codes",
        ARRAY(Text),
        nullable=False,
        comment="nationalities, ISO 3166-1 alpha-2, in the order declared",
    ),
    Column("blood_group", Text, nullable=False, comment="blood group: unknown, A, B, AB, O"),
    Column("marital_status", Text, nullable=False, comment="marital status"),
    Column("old_id_9", Text, comment="nine-digit card number; not unique in the real world"),
    Column("residence_file_no", Text, comment="number of the residence file"),
    Column("mobile_no", Text, comment="mobile subscriber number"),
    Column("email", Text, comment="e-mail address"),
    Column("temporary_absence", Text, nullable=False, comment="declared temporary absence"),
    Column("loss_kind", Text, comment="dead or missing; null for the living"),
    Column("loss_date", Date, comment="first day that the date of death or missing can mean"),
    Column("loss_precision", Text, comment="how much of that date is known: day, month, year"),
    Column("other", JSONB, nullable=False, comment="further items set by the Government"),
    _digits("pin", 12),
    _digits("old_id_9", 9),
    _one_of("birth_precision", Precision),
    _one_of("loss_precision", Precision),
    _one_of("sex", Sex),
    _one_of("blood_group", values.BloodGroup),
    _one_of("marital_status", values.MaritalStatus),
    _one_of("temporary_absence", values.AbsenceStatus),
    _one_of("loss_kind", values.LossKind),
    CheckConstraint(
        "num_nonnulls(loss_kind, loss_date, loss_precision) IN (0, 3)", name="loss_whole"
    ),
    *(_coded(f"{place}_") for place in PLACES),
    key=("pin",),
    comment="a person on the days and in the knowledge of one version",
)
Index(
    "ix_person_name",
    person.c.name_key,
    person.c.birth_date,
    postgresql_where=person.c.to_change.is_(None),
)
Index(
    "ix_person_name_trigrams",
    person.c.name_key,
    postgresql_using="gin",
    postgresql_ops={"name_key": "gin_trgm_ops"},
    postgresql_where=person.c.to_change.is_(None),
)
Index(
    "ix_person_old_id_9",
    person.c.old_id_9,
    postgresql_where=person.c.to_change.is_(None) & person.c.old_id_9.is_not(None),
)

residence = versions.versioned_table(
    "residence",
    metadata,
    Column("pin", Text, nullable=False, comment="who lives there"),
    Column("kind", Text, nullable=False, comment="permanent, temporary or current"),
    *_address("", "residence"),
    Column("expires_on", Date, comment="last day of a temporary registration, as registered"),
    _digits("pin", 12),
    _one_of("kind", values.ResidenceKind),
    _coded(""),
    key=("pin", "kind"),
    comment="where a person lives, by kind; one place of each kind at a time",
)

household = versions.versioned_table(
    "household",
    metadata,
    Column("household_id", Text, nullable=False, comment="number of the household"),
    Column("residence_file_no", Text, comment="number of its residence file"),
    *_address("", "permanent place"),
    _coded(""),
    key=("household_id",),
    comment="a household and its permanent place",
)

household_member = versions.versioned_table(
    "household_member",
    metadata,
    Column("pin", Text, nullable=False, comment="the member; in one household at a time"),
    Column("household_id", Text, nullable=False, comment="the household"),
    Column("relation_to_head", Text, nullable=False, comment="what the member is to the head"),
    _digits("pin", 12),
    _one_of("relation_to_head", values.RelationToHead),
    key=("pin",),
    comment="who belongs to which household on which days",
)
# One head per household and day: the rule `one_head` of the migration (assets/no_overlap_0001.sql).
# Not of current rows only: a household as of an earlier change is found by it too.
Index("ix_household_member_household", household_member.c.household_id)

kinship = versions.versioned_table(
    "kinship",
    metadata,
    Column("pin", Text, nullable=False, comment="whose relative it is"),
    Column("role", Text, nullable=False, comment="what the relative is to the person"),
    Column("ordinal", SmallInteger, nullable=False, comment="counts relatives of one role, from 1"),
    Column("relative_pin", Text, comment="number of the relative, if in the register"),
    Column("relative_full_name", Text, comment="name of a relative who is not in the register"),
    Column("relative_old_id_9", Text, comment="old card of a relative not in the register"),
    Column("relative_nationality_code", Text, comment="nationality of such a relative"),
    _digits("pin", 12),
    _digits("relative_pin", 12),
    _one_of("role", values.KinRole),
    CheckConstraint("num_nonnulls(relative_pin, relative_full_name) > 0", name="relative_named"),
    CheckConstraint("relative_pin <> pin", name="not_self"),
    # With the key this says: one father, one mother and one spouse on any day.
    CheckConstraint(
        "ordinal = 1 OR role NOT IN ('FATHER', 'MOTHER', 'SPOUSE')", name="one_of_role"
    ),
    key=("pin", "role", "ordinal"),
    comment="relatives of a person; a relation is written for both persons",
)
Index(
    "ix_kinship_relative",
    kinship.c.relative_pin,
    postgresql_where=kinship.c.to_change.is_(None) & kinship.c.relative_pin.is_not(None),
)

identity_card = versions.versioned_table(
    "identity_card",
    metadata,
    Column("pin", Text, nullable=False, comment="the holder; also the number of the card"),
    Column("card_type", Text, nullable=False, comment="generation of the card"),
    Column("issued_on", Date, nullable=False, comment="day of issue"),
    Column("issued_by", Text, nullable=False, comment="authority that issued it"),
    Column("expires_on", Date, comment="last day of validity; null without limit"),
    _digits("pin", 12),
    _one_of("card_type", values.CardType),
    key=("pin",),
    comment="the newest identity card of a person on the days of a version",
)

pin_alias = versions.versioned_table(
    "pin_alias",
    metadata,
    Column("old_pin", Text, nullable=False, comment="cancelled number; it never returns"),
    Column("new_pin", Text, nullable=False, comment="number that the person bears instead"),
    Column("reason", Text, nullable=False, comment="why the number was cancelled"),
    Column("decided_on", Date, nullable=False, comment="day of the decision"),
    _digits("old_pin", 12),
    _digits("new_pin", 12),
    _one_of("reason", values.AliasReason),
    CheckConstraint("old_pin <> new_pin", name="not_self"),
    key=("old_pin",),
    comment="cancelled numbers and the numbers that replace them",
)
Index(
    "ix_pin_alias_new_pin",
    pin_alias.c.new_pin,
    postgresql_where=pin_alias.c.to_change.is_(None),
)

VERSIONED = (person, residence, household, household_member, kinship, identity_card, pin_alias)
