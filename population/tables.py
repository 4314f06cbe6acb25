"""The tables of the population register."""

from collections.abc import Iterable
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

_text = base.text_column

metadata = base.new_metadata("population")
ledger = ledger_module.define_ledger(metadata)
code_lists = code_list_tables.define_tables(metadata)

PLACES = ("birth_place", "birth_registration", "native_place")


def _known(column: str, kinds: Iterable[StrEnum]) -> CheckConstraint:
    return base.one_of(column, kinds, name=f"{column}_known")


def _shape(column: str, count: int) -> CheckConstraint:
    return base.digits(column, count, name=f"{column}_shape")


def _address(prefix: str, what: str) -> list[Column[str]]:
    return [
        _text(f"{prefix}street", f"{what}: house and street or text as declared"),
        _text(f"{prefix}village", f"{what}: village or residential group"),
        _text(f"{prefix}commune_code", f"{what}: code of the commune"),
        _text(
            f"{prefix}commune_version",
            f"{what}: version of the lists of communes and provinces the codes are from",
        ),
        _text(f"{prefix}province_code", f"{what}: code of the province"),
        _text(f"{prefix}country_code", f"{what}: country, ISO 3166-1 alpha-2"),
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
    _text("pin", "personal identification number, 12 digits", nullable=False),
    _text("full_name", "name of birth as written; the master", nullable=False),
    _text("family_name", "family name, split from the full name", nullable=False),
    _text("middle_name", "middle names; empty when there is none", nullable=False),
    _text("given_name", "given name, split from the full name", nullable=False),
    _text("name_key", "key of the full name for comparison", nullable=False),
    _text("other_name", "another name the person goes by"),
    Column("birth_date", Date, nullable=False, comment="first day that the date of birth can mean"),
    _text("birth_precision", "how much of the date is known: day …", nullable=False),
    _text("sex", "sex: unknown, male, female", nullable=False),
    *_address("birth_place_", "place of birth"),
    *_address("birth_registration_", "place of birth registration"),
    *_address("native_place_", "native place"),
    _text("ethnicity_code", "code of the ethnic group"),
    _text("religion_code", "code of the religion"),
    Column(
        "nationality_codes",
        ARRAY(Text),
        nullable=False,
        comment="nationalities, ISO 3166-1 alpha-2, in the order declared",
    ),
    _text("blood_group", "blood group: unknown, A, B, AB, O", nullable=False),
    _text("marital_status", "marital status", nullable=False),
    _text("old_id_9", "nine-digit card number; not unique in the real world"),
    _text("residence_file_no", "number of the residence file"),
    _text("mobile_no", "mobile subscriber number"),
    _text("email", "e-mail address"),
    _text("temporary_absence", "declared temporary absence", nullable=False),
    _text("loss_kind", "dead or missing; null for the living"),
    Column("loss_date", Date, comment="first day that the date of death or missing can mean"),
    _text("loss_precision", "how much of that date is known: day, month, year"),
    Column("other", JSONB, nullable=False, comment="further items set by the Government"),
    _shape("pin", 12),
    _shape("old_id_9", 9),
    _known("birth_precision", Precision),
    _known("loss_precision", Precision),
    _known("sex", Sex),
    _known("blood_group", values.BloodGroup),
    _known("marital_status", values.MaritalStatus),
    _known("temporary_absence", values.AbsenceStatus),
    _known("loss_kind", values.LossKind),
    CheckConstraint(
        "num_nonnulls(loss_kind, loss_date, loss_precision) IN (0, 3)", name="loss_whole"
    ),
    *(_coded(f"{place}_") for place in PLACES),
    key=("pin",),
    comment="a person on the days and in the knowledge of one version",
)
versions.current_index("ix_person_name", person.c.name_key, person.c.birth_date)
versions.current_trigrams("ix_person_name_trigrams", person.c.name_key)
versions.current_index(
    "ix_person_old_id_9", person.c.old_id_9, where=person.c.old_id_9.is_not(None)
)

residence = versions.versioned_table(
    "residence",
    metadata,
    _text("pin", "who lives there", nullable=False),
    _text("kind", "permanent, temporary or current", nullable=False),
    *_address("", "residence"),
    Column("expires_on", Date, comment="last day of a temporary registration, as registered"),
    _shape("pin", 12),
    _known("kind", values.ResidenceKind),
    _coded(""),
    key=("pin", "kind"),
    comment="where a person lives, by kind; one place of each kind at a time",
)

household = versions.versioned_table(
    "household",
    metadata,
    _text("household_id", "number of the household", nullable=False),
    _text("residence_file_no", "number of its residence file"),
    *_address("", "permanent place"),
    _coded(""),
    key=("household_id",),
    comment="a household and its permanent place",
)

household_member = versions.versioned_table(
    "household_member",
    metadata,
    _text("pin", "the member; in one household at a time", nullable=False),
    _text("household_id", "the household", nullable=False),
    _text("relation_to_head", "what the member is to the head", nullable=False),
    _shape("pin", 12),
    _known("relation_to_head", values.RelationToHead),
    key=("pin",),
    comment="who belongs to which household on which days",
)
# One head per household and day: the rule `one_head` of the migration (assets/no_overlap_0001.sql).
# Not of current rows only: a household as of an earlier change is found by it too.
Index("ix_household_member_household", household_member.c.household_id)

kinship = versions.versioned_table(
    "kinship",
    metadata,
    _text("pin", "whose relative it is", nullable=False),
    _text("role", "what the relative is to the person", nullable=False),
    Column("ordinal", SmallInteger, nullable=False, comment="counts relatives of one role, from 1"),
    _text("relative_pin", "number of the relative, if in the register"),
    _text("relative_full_name", "name of a relative who is not in the register"),
    _text("relative_old_id_9", "old card of a relative not in the register"),
    _text("relative_nationality_code", "nationality of such a relative"),
    _shape("pin", 12),
    _shape("relative_pin", 12),
    _known("role", values.KinRole),
    CheckConstraint("num_nonnulls(relative_pin, relative_full_name) > 0", name="relative_named"),
    CheckConstraint("relative_pin <> pin", name="not_self"),
    # With the key this says: one father, one mother and one spouse on any day.
    CheckConstraint(
        "ordinal = 1 OR role NOT IN ('FATHER', 'MOTHER', 'SPOUSE')", name="one_of_role"
    ),
    key=("pin", "role", "ordinal"),
    comment="relatives of a person; a relation is written for both persons",
)
versions.current_index(
    "ix_kinship_relative", kinship.c.relative_pin, where=kinship.c.relative_pin.is_not(None)
)
# Relations that a merge ended are found by the relative when it is taken back.
Index(
    "ix_kinship_former_relative",
    kinship.c.relative_pin,
    postgresql_where=kinship.c.relative_pin.is_not(None) & kinship.c.to_change.is_not(None),
)

identity_card = versions.versioned_table(
    "identity_card",
    metadata,
    _text("pin", "the holder; also the number of the card", nullable=False),
    _text("card_type", "generation of the card", nullable=False),
    Column("issued_on", Date, nullable=False, comment="day of issue"),
    _text("issued_by", "authority that issued it", nullable=False),
    Column("expires_on", Date, comment="last day of validity; null without limit"),
    _shape("pin", 12),
    _known("card_type", values.CardType),
    key=("pin",),
    comment="the newest identity card of a person on the days of a version",
)

pin_alias = versions.versioned_table(
    "pin_alias",
    metadata,
    _text("old_pin", "cancelled number; it never returns", nullable=False),
    _text("new_pin", "number that the person bears instead", nullable=False),
    _text("reason", "why the number was cancelled", nullable=False),
    Column("decided_on", Date, nullable=False, comment="day of the decision"),
    _shape("old_pin", 12),
    _shape("new_pin", 12),
    _known("reason", values.AliasReason),
    CheckConstraint("old_pin <> new_pin", name="not_self"),
    key=("old_pin",),
    comment="cancelled numbers and the numbers that replace them",
)
versions.current_index("ix_pin_alias_new_pin", pin_alias.c.new_pin)

person_merge = versions.versioned_table(
    "person_merge",
    metadata,
    _text("absorbed_pin", "number of the record that ended", nullable=False),
    _text("surviving_pin", "number of the record that went on", nullable=False),
    _text("decision", "number of the decision", nullable=False),
    _text("evidence", "what shows that they are one person, in words", nullable=False),
    _text("first_reviewer", "officer who proposed it", nullable=False),
    _text("second_reviewer", "another officer, who looked at it again", nullable=False),
    _shape("absorbed_pin", 12),
    _shape("surviving_pin", 12),
    CheckConstraint("absorbed_pin <> surviving_pin", name="not_self"),
    CheckConstraint("first_reviewer <> second_reviewer", name="two_reviewers"),
    key=("absorbed_pin",),
    comment="records of persons that were found to be one person and merged by an act",
)
