"""Acts on households: who belongs to which, and who is its head."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, versions
from databases.changes.ledger import Act, Recorded
from population import errors, rules, tables
from population.repository import rows, saving, states
from population.service import acts
from population.values import Address, Member


def register_household(
    session: Session,
    *,
    act: Act,
    household_id: str,
    address: Address,
    members: Sequence[Member],
    start: date,
    residence_file_no: str | None = None,
) -> Recorded:
    """Found a household with its members, one of them its head.

    Who was a member elsewhere leaves from that day on; whoever stays behind needs a head.

    Raises:
        HouseholdAlreadyRegistered: the number is taken.
        LaterActRecorded: somebody is registered elsewhere from a later day on.
        OneHeadNeeded, MemberTwice, PersonNotFound, PersonNotAlive: see the rules.
    """
    change = ledger.open_act(session, tables.ledger, act, "household.registered")
    if versions.list_current(session, tables.household, {"household_id": household_id}):
        raise errors.HouseholdAlreadyRegistered("A household has that number already.")
    row = {
        "household_id": household_id,
        "residence_file_no": residence_file_no,
        **rows.address_columns(address),
        "valid": periods.period(start),
    }
    versions.add(session, tables.household, [row], change=change)
    joining = living_members(session, members, start)
    place_members(session, {household_id: joining}, leaving=(), start=start, change=change)
    return Recorded(change, household_id)


def amend_household(
    session: Session,
    *,
    act: Act,
    household_id: str,
    members: Sequence[Member],
    start: date,
    remaining: Mapping[str, Sequence[Member]] | None = None,
) -> Recorded:
    """Let persons join a household, or be something else to its head, from a day on.

    Args:
        household_id: the household.
        members: who joins, or whose relation changes.
        start: first day.
        remaining: for households left behind by their head, what those who stay become.

    Raises:
        HouseholdNotFound: no such household on that day.
        LaterActRecorded: somebody is registered elsewhere from a later day on.
        OneHeadNeeded, MemberTwice, PersonNotFound, PersonNotAlive: see the rules.
    """
    change = ledger.open_act(session, tables.ledger, act, "household.changed")
    placed = {}
    for household, listed in {**(remaining or {}), household_id: members}.items():
        if not states.has_household(session, household, start):
            raise errors.HouseholdNotFound("No such household stands on that day.")
        placed[household] = living_members(session, listed, start)
    place_members(session, placed, leaving=(), start=start, change=change)
    return Recorded(change, household_id)


def living_members(session: Session, members: Iterable[Member], on: date) -> list[Member]:
    """Give the members under their present numbers.

    Raises:
        PersonNotFound, PersonNotAlive, MalformedIdentifier: see the rules.
    """
    return [Member(acts.get_living(session, m.pin, on).pin, m.relation) for m in members]


def place_members(
    session: Session,
    placed: Mapping[str, Sequence[Member]],
    *,
    leaving: Sequence[str],
    start: date,
    change: int,
) -> None:
    """Put persons into households from a day on and let others leave theirs.

    Args:
        placed: household → members who join it or change their relation.
        leaving: numbers of those who leave without joining another one.
        start: first day.

    Raises:
        MemberTwice: a person is listed twice.
        LaterActRecorded: somebody who joins is registered elsewhere from a later day on.
        OneHeadNeeded: a household concerned would not have one head on every day.
    """
    pins = [m.pin for listed in placed.values() for m in listed] + list(leaving)
    if len(set(pins)) < len(pins):
        raise errors.MemberTwice("Name every person once.")
    days = periods.period(start)
    concerned = states.list_households(session, pins, days) | placed.keys()
    for pin in pins:
        key = {"pin": pin}
        if pin not in leaving:
            acts.require_latest(session, tables.household_member, key, days)
        versions.close(session, tables.household_member, key, valid=days, change=change)
    joining = [
        {
            "pin": member.pin,
            "household_id": household,
            "relation_to_head": member.relation.value,
            "valid": days,
        }
        for household, listed in placed.items()
        for member in listed
    ]
    saving.add_members(session, joining, change=change)
    for household in sorted(concerned):
        rules.require_one_head(states.list_members(session, household))
