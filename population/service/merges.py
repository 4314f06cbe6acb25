"""Merging two records that are one person, and taking it back."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import annulling, ledger, versions
from databases.changes.ledger import Act, Recorded
from databases.errors import FieldProblem
from databases.identifiers import Pin
from population import errors, rules, tables
from population.repository import merging, states
from population.repository.merging import LeftBack, Merge
from population.service import households
from population.values import AliasReason, LaterAct, Member, MergeDecision, Unmerged


def merge_persons(
    session: Session,
    *,
    act: Act,
    surviving: str,
    absorbed: str,
    decision: MergeDecision,
    on: date,
    remaining: Mapping[str, Sequence[Member]] | None = None,
) -> Recorded:
    """Merge two records of one person: one ends, its number leads to the other from now on.

    Residences, household, card, relations and former numbers of the record that ends go on under
    the other number on the days on which that has none of its own; the rest stays in history.

    Args:
        surviving: number of the record that goes on.
        absorbed: number of the record that ends; it is given to nobody again.
        decision: who decided it, and on what.
        on: day of the decision.
        remaining: for households left without a head, what those who stay become; they are that
            from the first day on which the absorbed record no longer is a member.

    Returns:
        the change; its warnings name what was not carried over.

    Raises:
        SecondReviewerNeeded: two different officers did not decide it.
        OnePersonAlready, MergeContradicted: see the rules; also if one is a relative of the other.
        OneHeadNeeded: a household would be left without a head.
        PersonNotFound, MalformedIdentifier: a number is nobody's.
    """
    change = ledger.open_act(session, tables.ledger, act, "persons.merged")
    rules.require_two_reviewers(decision)
    new = states.get_person(session, Pin.parse(surviving, field="surviving").number, on)
    old = states.get_person(session, Pin.parse(absorbed, field="absorbed").number, on)
    rules.require_mergeable(new, old)
    if merging.are_related(session, new.pin, old.pin):
        message = "The two are registered as relatives of each other; end that first."
        raise errors.MergeContradicted.of_field("relations", "merge.related", message)
    homes = merging.list_households(session, old.pin)
    merging.carry_old_card(session, old.pin, new.pin, change=change)
    merging.end_person(session, old.pin, change=change)
    left = merging.carry_over(session, old.pin, new.pin, change=change)
    left += merging.carry_relations(session, old.pin, new.pin, change=change)
    merging.carry_numbers(session, old.pin, new.pin, change=change)
    _enter(session, old.pin, new.pin, decision, on, change)
    _place(session, remaining or {}, left, on, change)
    for household in sorted(homes):
        rules.require_one_head(states.list_members(session, household))
    return Recorded(change, new.pin, tuple(map(_warn, left)))


def _enter(
    session: Session, old: str, new: str, decision: MergeDecision, on: date, change: int
) -> None:
    # A second record of a person is a wrong entry; that it was a merge is said beside.
    alias = {
        "old_pin": old,
        "new_pin": new,
        "reason": AliasReason.ENTRY_ERROR.value,
        "decided_on": on,
        "valid": periods.period(None),
    }
    versions.add(session, tables.pin_alias, [alias], change=change)
    merge = {
        "absorbed_pin": old,
        "surviving_pin": new,
        "decision": decision.reference,
        "evidence": decision.evidence,
        "first_reviewer": decision.first_reviewer,
        "second_reviewer": decision.second_reviewer,
        "valid": periods.period(None),
    }
    versions.add(session, tables.person_merge, [merge], change=change)


def _place(
    session: Session,
    remaining: Mapping[str, Sequence[Member]],
    left: Sequence[LeftBack],
    on: date,
    change: int,
) -> None:
    for household, members in sorted(remaining.items()):
        days = [
            one.days.lower or date.min
            for one in left
            if one.table is tables.household_member and one.row["household_id"] == household
        ]
        if not days and not states.has_household(session, household, on):
            raise errors.HouseholdNotFound("No such household stands on that day.")
        start = min(days, default=on)
        placed = {household: households.living_members(session, members, start)}
        households.place_members(session, placed, leaving=(), start=start, change=change)


def _warn(left: LeftBack) -> FieldProblem:
    days = merging.write_days(left.days)
    message = f"The survivor has its own on the days {days}; this stays in history."
    return FieldProblem(left.table.name, "merge.left_in_history", message)


def list_acts_since_merge(session: Session, *, absorbed: str) -> list[LaterAct]:
    """List what was recorded about a merged person since: whose it is, somebody has to say.

    Raises:
        NotMerged, MalformedIdentifier: no merge stands under that number.
    """
    merge = _get_merge(session, absorbed)
    bearer = states.find_bearer(session, merge.absorbed) or merge.surviving
    return merging.list_later(session, merge, merging.extent_of(merge, bearer))


def unmerge_persons(session: Session, *, act: Act, absorbed: str, partly: bool = False) -> Unmerged:
    """Take a merge back: the state before it stands again, byte for byte.

    Acts that concern the merged person since then stand in the way: whether they were meant for the
    one or the other, nobody but people can tell.

    Args:
        absorbed: number of the record that ended by the merge.
        partly: restore what can be restored all the same. What was recorded since stays with the
            surviving record; annul or correct it by acts of its own.

    Raises:
        NotMerged, MalformedIdentifier: no merge stands under that number.
        UnmergeNeedsDecision: there are later acts; `fields` names each with its rows.
        ChangeNotAnnullable: what the merge recorded was ended and recorded again since.
    """
    change = ledger.open_act(session, tables.ledger, act, "merge.annulled")
    merge = _get_merge(session, absorbed)
    bearer = states.find_bearer(session, merge.absorbed) or merge.surviving
    extent = merging.extent_of(merge, bearer)
    later = merging.list_later(session, merge, extent)
    if later and not partly:
        raise errors.UnmergeNeedsDecision(
            "Acts since the merge concern the merged person: annul them, or restore in part and "
            "decide on each.",
            fields=[_name_act(one) for one in later],
        )
    pins = tuple(dict.fromkeys((merge.surviving, merge.absorbed, bearer)))
    if not later:
        annulling.revert(session, tables.ledger, extent, annulled=merge.change, change=change)
        return Unmerged(change, merge.change, merge.recorded_at, pins)
    merging.end_aliases(session, merge, change=change)
    unrestored = annulling.revert_what_stands(
        session, tables.ledger, extent, annulled=merge.change, change=change
    )
    missing = [
        (
            one.table.name,
            merging.name_row(one.table, one.row, merge),
            merging.write_days(one.row["valid"]),
        )
        for one in unrestored
    ]
    missing += _list_headless(session, merging.list_households(session, merge.absorbed))
    return Unmerged(change, merge.change, merge.recorded_at, pins, tuple(later), tuple(missing))


def _get_merge(session: Session, absorbed: str) -> Merge:
    merge = merging.find_merge(session, Pin.parse(absorbed, field="absorbed").number)
    if merge is None:
        raise errors.NotMerged("No merge stands by which that number was absorbed.")
    return merge


def _list_headless(session: Session, homes: set[str]) -> list[tuple[str, str, str]]:
    found = []
    for household in sorted(homes):
        try:
            rules.require_one_head(states.list_members(session, household))
        except errors.OneHeadNeeded as error:
            found.append(("household", error.message, ""))
    return found


def _name_act(later: LaterAct) -> FieldProblem:
    verb = "recorded" if later.is_new else "ended"
    return FieldProblem(
        f"change {later.change}",
        "unmerge.later_act",
        f"{later.act} at {later.recorded_at:%Y-%m-%d %H:%M} {verb} {later.table} of "
        f"{later.record}, days {later.days}.",
    )
