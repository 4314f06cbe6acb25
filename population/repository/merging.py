"""Lets what is recorded of one person go on under the number of another, and finds it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import states, versions
from databases.changes.annulling import Extent
from population import tables
from population.repository import saving
from population.values import SINGLE_ROLES, KinRole, LaterAct

_kin = tables.kinship
_member = tables.household_member
_alias = tables.pin_alias
# What the relative is to the person, and what the person may be to the relative.
_MIRRORED: Mapping[str, frozenset[str]] = {
    KinRole.FATHER: frozenset({KinRole.CHILD}),
    KinRole.MOTHER: frozenset({KinRole.CHILD}),
    KinRole.SPOUSE: frozenset({KinRole.SPOUSE}),
    KinRole.CHILD: frozenset({KinRole.FATHER, KinRole.MOTHER}),
    KinRole.REPRESENTATIVE: frozenset({KinRole.REPRESENTED}),
    KinRole.REPRESENTED: frozenset({KinRole.REPRESENTATIVE}),
}
_ONE_OF_EACH = (tables.residence, tables.identity_card, tables.household_member)
_PINS = frozenset({"pin", "relative_pin", "old_pin", "new_pin", "absorbed_pin", "surviving_pin"})


@dataclass(frozen=True, slots=True)
class LeftBack:
    """Days on which something of the absorbed record was not carried over, and why not.

    Args:
        row: it stays in history; the survivor has one of its own on these days.
    """

    table: Table
    row: Mapping[str, Any]
    days: Range[date]


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge that stands: the change that recorded it, and whose records it joined."""

    change: int
    recorded_at: datetime
    absorbed: str
    surviving: str


def are_related(session: Session, one: str, other: str) -> bool:
    """Test whether one stands in the register as a relative of the other."""
    found = select(_kin.c.pin).where(
        _kin.c.to_change.is_(None),
        or_(
            (_kin.c.pin == one) & (_kin.c.relative_pin == other),
            (_kin.c.pin == other) & (_kin.c.relative_pin == one),
        ),
    )
    return session.execute(found.limit(1)).first() is not None


def end_person(session: Session, pin: str, *, change: int) -> None:
    """End all versions of a person; what is recorded beside them is not touched."""
    versions.end_where(session, tables.person, tables.person.c.pin == pin, change=change)


def carry_old_card(session: Session, old: str, new: str, *, change: int) -> None:
    """Give the survivor the old card of the other, if no version of it has one."""
    given = {row["old_id_9"] for row in versions.list_current(session, tables.person, {"pin": old})}
    held = {row["old_id_9"] for row in versions.list_current(session, tables.person, {"pin": new})}
    if held == {None} and len(given - {None}) == 1:
        (number,) = given - {None}
        everything = periods.period(None)
        versions.amend(
            session,
            tables.person,
            {"pin": new},
            {"old_id_9": number},
            valid=everything,
            change=change,
        )


def carry_over(session: Session, old: str, new: str, *, change: int) -> list[LeftBack]:
    """Let residences, card and membership go on under another number where it has none.

    Raises:
        OneHeadNeeded: a household would have two heads on some day.
    """
    left: list[LeftBack] = []
    for table in _ONE_OF_EACH:
        held = versions.list_current(session, table, {"pin": old})
        versions.end_where(session, table, table.c.pin == old, change=change)
        anew = []
        for row in held:
            key = {name: row[name] for name in versions.key_of(table)} | {"pin": new}
            taken = [one["valid"] for one in versions.list_current(session, table, key)]
            anew += _on_free_days(table, row, taken, left, pin=new)
        if table is _member:
            saving.add_members(session, anew, change=change)
        else:
            versions.add(session, table, anew, change=change)
    return left


def carry_relations(session: Session, old: str, new: str, *, change: int) -> list[LeftBack]:
    """Let the relations of a person go on under another number, for both sides.

    One father, mother and spouse at a time: where the survivor has one on a day, its own stays, and
    the relative of the other loses the relation too. A relation that both have is kept once.
    """
    left: list[LeftBack] = []
    own = versions.list_current(session, _kin, {"pin": old})
    named = versions.list_current(session, _kin, {"relative_pin": old})
    survivors = versions.list_current(session, _kin, {"pin": new})
    either = or_(_kin.c.pin == old, _kin.c.relative_pin == old)
    versions.end_where(session, _kin, either, change=change)
    ordinals: dict[tuple[str, int], int] = {}
    anew: list[dict[str, Any]] = []
    for row in own:
        taken = [one["valid"] for one in survivors if _excludes(one, row)]
        held = [one["ordinal"] for one in survivors if one["role"] == row["role"]]
        ordinal = _number(row, max(held, default=0), ordinals)
        anew += _on_free_days(_kin, row, taken, left, pin=new, ordinal=ordinal)
    for row in named:
        mirrored = [one for one in own if _mirrors(one, row)]
        kept = [one for one in anew if _mirrors(one, row)]
        days = [row["valid"]]
        if mirrored:
            shared = (periods.intersection(row["valid"], one["valid"]) for one in kept)
            days = [one for one in shared if one is not None]
        taken = [
            one["valid"]
            for one in versions.list_current(
                session, _kin, {"pin": row["pin"], "role": row["role"]}
            )
            if one["relative_pin"] == new
        ]
        for part in days:
            anew += _on_free_days(_kin, {**row, "valid": part}, taken, [], relative_pin=new)
    versions.add(session, _kin, anew, change=change)
    return left


def _on_free_days(
    table: Table,
    row: Mapping[str, Any],
    taken: Sequence[Range[date]],
    left: list[LeftBack],
    **changed: Any,
) -> list[dict[str, Any]]:
    """Write a row anew for the days that are not taken, and note the others."""
    free = periods.without(row["valid"], taken)
    left += [LeftBack(table, row, lost) for lost in periods.without(row["valid"], free)]
    return [{**versions.record_of(dict(row)), **changed, "valid": part} for part in free]


def _excludes(held: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Tell whether a relation leaves no room for another one of the same role."""
    if held["role"] != row["role"]:
        return False
    if KinRole(row["role"]) in SINGLE_ROLES:
        return True
    name = "relative_full_name" if row["relative_pin"] is None else "relative_pin"
    return bool(held[name] == row[name])


def _mirrors(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return one["relative_pin"] == other["pin"] and other["role"] in _MIRRORED[one["role"]]


def _number(row: Mapping[str, Any], highest: int, given: dict[tuple[str, int], int]) -> int:
    """Give a relation its number among those of the survivor; versions of one keep one number."""
    if KinRole(row["role"]) in SINGLE_ROLES:
        return 1
    others = [number for (role, _), number in given.items() if role == row["role"]]
    return given.setdefault((row["role"], row["ordinal"]), max([highest, *others]) + 1)


def carry_numbers(session: Session, old: str, new: str, *, change: int) -> None:
    """Let cancelled numbers that lead to a number lead to another one."""
    leads = _alias.c.new_pin == old
    versions.end_where(session, _alias, leads, change=change)
    versions.renew(
        session, _alias, ended_by=change, change=change, condition=leads, values={"new_pin": new}
    )


def list_households(session: Session, pin: str) -> set[str]:
    """List the households that a person belongs or belonged to, whatever the day."""
    found = select(_member.c.household_id).where(_member.c.pin == pin)
    return set(session.scalars(found))


def find_merge(session: Session, absorbed: str) -> Merge | None:
    """Find the merge by which a number was absorbed; None if none stands."""
    change = tables.ledger.change
    for row in versions.list_current(session, tables.person_merge, {"absorbed_pin": absorbed}):
        number = int(row["from_change"])
        at = session.execute(select(change.c.recorded_at).where(change.c.change_id == number))
        return Merge(number, at.scalar_one(), absorbed, row["surviving_pin"])
    return None


def extent_of(merge: Merge, bearer: str) -> Extent:
    """Give the records that a merge may have touched, and what is recorded of the merged person.

    Args:
        bearer: number that the absorbed one leads to now; the survivor may bear another one since.
    """
    pins = {merge.absorbed, merge.surviving, bearer}
    homes = select(_member.c.household_id).where(_member.c.pin.in_(pins))
    touched = or_(_member.c.from_change == merge.change, _member.c.to_change == merge.change)
    placed = select(_member.c.pin).where(_member.c.household_id.in_(homes), touched)
    person, moved, card = tables.person, tables.residence, tables.identity_card
    return {
        person: person.c.pin.in_(pins),
        moved: moved.c.pin.in_(pins),
        card: card.c.pin.in_(pins),
        _member: or_(_member.c.pin.in_(pins), _member.c.pin.in_(placed)),
        _kin: or_(_kin.c.pin.in_(pins), _kin.c.relative_pin.in_(pins)),
        _alias: or_(_alias.c.new_pin.in_(pins), _alias.c.old_pin.in_(pins)),
        tables.person_merge: tables.person_merge.c.absorbed_pin == merge.absorbed,
    }


def end_aliases(session: Session, merge: Merge, *, change: int) -> None:
    """End the numbers that a merge had led to the survivor, whatever number they lead to now."""
    led = select(_alias.c.old_pin).where(_alias.c.from_change == merge.change)
    versions.end_where(session, _alias, _alias.c.old_pin.in_(led), change=change)


def list_later(session: Session, merge: Merge, extent: Extent) -> list[LaterAct]:
    """List what came to the merged person, or ended, since the merge; the earliest act first."""
    found = [
        one
        for table, which in extent.items()
        for one in states.list_differences(session, table, which, since=merge.change)
    ]
    ledger = tables.ledger.change
    numbers = {one.change for one in found}
    acts = {
        row.change_id: row
        for row in session.execute(select(ledger).where(ledger.c.change_id.in_(numbers)))
    }
    later = [
        LaterAct(
            change=one.change,
            act=acts[one.change].act,
            recorded_at=acts[one.change].recorded_at,
            table=one.table.name,
            record=name_row(one.table, one.row, merge),
            days=write_days(one.row["valid"]),
            is_new=one.is_new,
        )
        for one in found
    ]
    return sorted(later, key=lambda one: (one.change, one.table, one.is_new, one.record, one.days))


def name_row(table: Table, row: Mapping[str, Any], merge: Merge) -> str:
    """Name a row without the numbers of persons: of which record, and what in it."""
    roles = {merge.absorbed: "absorbed record", merge.surviving: "surviving record"}
    first, *rest = versions.key_of(table)
    of = roles.get(row[first], "another record")
    return " ".join([of, *(f"{name} {row[name]}" for name in rest if name not in _PINS)])


def write_days(days: Range[date]) -> str:
    """Write a period for people: first day, and the day behind the last one if there is one."""
    return f"{days.lower or ''}..{days.upper or ''}"
