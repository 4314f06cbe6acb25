"""Reads what the rules need to know; current knowledge, inside the writing transaction."""

from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import versions
from databases.changes.versions import AsOf
from databases.periods import PartialDate
from population import errors, tables
from population.repository import rows
from population.values import (
    SINGLE_ROLES,
    HouseholdPeriod,
    KinRole,
    LossKind,
    Member,
    PersonState,
    RelationToHead,
    ResidenceKind,
)


def find_bearer(session: Session, pin: str) -> str | None:
    """Find the number that the bearer of a cancelled number has now; None if it is no such one."""
    alias = tables.pin_alias
    return session.execute(
        select(alias.c.new_pin).where(alias.c.old_pin == pin, alias.c.to_change.is_(None))
    ).scalar_one_or_none()


def find_end_of_loss(session: Session, pin: str, kind: LossKind, on: date) -> date | None:
    """Find the first day behind a day on which a person is not lost in that way; None: none is."""
    for row in versions.list_current(session, tables.person, {"pin": pin}, periods.period(on)):
        if row["loss_kind"] != kind.value:
            end: date = row["valid"].lower
            return end
    return None


def has_person(session: Session, pin: str) -> bool:
    """Test whether a person stands under that number, on whichever days."""
    person = tables.person
    found = select(person.c.pin).where(person.c.pin == pin, person.c.to_change.is_(None)).limit(1)
    return session.execute(found).first() is not None


def get_person(session: Session, pin: str, on: date) -> PersonState:
    """Get what the rules need to know of a person on a day.

    Args:
        session: of the writing transaction.
        pin: number that the person has now or had before.
        on: the day.

    Returns:
        the state under the present number.

    Raises:
        PersonNotFound: nobody has or had that number on that day.
    """
    bearer = find_bearer(session, pin) or pin
    row = versions.find_on(session, tables.person, {"pin": bearer}, on)
    if row is None:
        raise errors.PersonNotFound("No person has that number on that day.")
    spouses = list_kin(session, bearer, on, (KinRole.SPOUSE,))
    return PersonState(
        pin=bearer,
        birth=rows.birth_of(row),
        sex=rows.sex_of(row),
        marital_status=rows.marital_status_of(row),
        loss=rows.loss_of(row),
        spouse_pin=spouses[0] if spouses else None,
        permanent_commune=_permanent_commune(session, bearer, on),
    )


def get_birth(session: Session, pin: str) -> tuple[str, PartialDate]:
    """Get the present number and the date of birth of a person, whichever the day.

    Raises:
        PersonNotFound: nobody has or had that number.
    """
    person = tables.person
    bearer = find_bearer(session, pin) or pin
    row = (
        session.execute(
            select(person)
            .where(person.c.pin == bearer, person.c.to_change.is_(None))
            .order_by(func.lower(person.c.valid).desc())
            .limit(1)
        )
        .mappings()
        .first()
    )
    if row is None:
        raise errors.PersonNotFound("No person has that number.")
    return bearer, rows.birth_of(dict(row))


def _permanent_commune(session: Session, pin: str, on: date) -> tuple[str, str] | None:
    lived = tables.residence
    found = session.execute(
        select(lived.c.commune_version, lived.c.commune_code).where(
            lived.c.pin == pin,
            lived.c.kind == ResidenceKind.PERMANENT.value,
            lived.c.commune_code.is_not(None),
            versions.is_as_of(lived, AsOf(on)),
        )
    ).first()
    return None if found is None else (found[0], found[1])


def list_kin(session: Session, pin: str, on: date, roles: tuple[KinRole, ...]) -> list[str]:
    """List the numbers of relatives in some roles on a day, those in the register only."""
    kin = tables.kinship
    return list(
        session.execute(
            select(kin.c.relative_pin)
            .where(
                kin.c.pin == pin,
                kin.c.role.in_([role.value for role in roles]),
                kin.c.relative_pin.is_not(None),
                versions.is_as_of(kin, AsOf(on)),
            )
            .order_by(kin.c.role, kin.c.ordinal)
        ).scalars()
    )


def list_kin_keys(session: Session, pin: str, roles: tuple[KinRole, ...]) -> list[dict[str, Any]]:
    """List the keys of current relations of a person and of those that name them as relative."""
    kin = tables.kinship
    found = session.execute(
        select(kin.c.pin, kin.c.role, kin.c.ordinal)
        .where(
            or_(kin.c.pin == pin, kin.c.relative_pin == pin),
            kin.c.role.in_([role.value for role in roles]),
            kin.c.to_change.is_(None),
        )
        .distinct()
    )
    return [dict(row) for row in found.mappings()]


def next_ordinal(session: Session, pin: str, role: KinRole) -> int:
    """Give the ordinal of the next relative in a role; always 1 where only one can be."""
    if role in SINGLE_ROLES:
        return 1
    kin = tables.kinship
    highest = session.execute(
        select(func.max(kin.c.ordinal)).where(kin.c.pin == pin, kin.c.role == role.value)
    ).scalar_one()
    return int(highest or 0) + 1


def has_household(session: Session, household_id: str, on: date) -> bool:
    """Test whether a household stands on a day."""
    household = tables.household
    found = select(household.c.household_id).where(
        household.c.household_id == household_id, versions.is_as_of(household, AsOf(on))
    )
    return session.execute(found).first() is not None


def list_households(session: Session, pins: list[str], valid: Range[date]) -> set[str]:
    """List the households in which persons are members on some of the days."""
    member = tables.household_member
    found = select(member.c.household_id).where(
        member.c.pin.in_(pins), member.c.to_change.is_(None), member.c.valid.overlaps(valid)
    )
    return set(session.execute(found).scalars())


def list_members(session: Session, household_id: str) -> list[HouseholdPeriod]:
    """List all memberships of a household, whenever they hold."""
    member = tables.household_member
    found = session.execute(
        select(member.c.pin, member.c.relation_to_head, member.c.valid).where(
            member.c.household_id == household_id, member.c.to_change.is_(None)
        )
    )
    return [
        HouseholdPeriod(Member(pin, RelationToHead(relation)), valid.lower or date.min, valid.upper)
        for pin, relation, valid in found
    ]
