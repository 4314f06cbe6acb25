"""Station 4: read. One statement per dataset, granted columns and state, whoever asks for it."""

import functools
import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from databases import base
from databases import errors as database_errors
from databases.changes import ledger
from databases.changes.versions import AsOf
from databases.datasets import Changed, Dataset, FetchResult, PredicatesTooWide
from databases.errors import RegisterError
from databases.sessions import Databases
from databases.settings import REGISTERS
from sharing_api import errors
from sharing_api.disclosure.candidates import Finder, choose, fields_compared, look_at
from sharing_api.disclosure.inquiry import Event, Inquiry
from sharing_api.disclosure.scope import Scope, fields_to_judge
from sharing_api.notices import repository as notices

log = logging.getLogger(__name__)
_LEDGERS = {name: ledger.define_ledger(base.new_metadata(name)) for name in REGISTERS}
_MAX_KEYS = 1_000
# Of more that fit the same predicates, those within reach are not told apart from those outside.
_MOST_SEARCHED = 4_096
# Last words of the acts that set right, or take back, what was recorded wrongly.
CORRECTING = frozenset({"corrected", "annulled", "merged"})


class NotWalked(database_errors.Invalid):
    """The dataset is not read as a whole."""

    code = "exchange.not_walked"


def has_feed(dataset: Dataset) -> bool:
    """Tell whether there is a feed of the changes of a dataset: of those read as a whole."""
    return dataset.walk is not None


def fetch_all(
    inquiries: Sequence[Inquiry],
    databases: Databases,
    reach: Scope | None = None,
    finder: Finder | None = None,
) -> None:
    """Read the records that the permitted questions are about.

    Args:
        reach: judges whose records a question reaches; None: nobody is protected.
        finder: finds candidates; None where nobody does.
    """
    readers = {
        "search": functools.partial(_search, reach or Scope()),
        "linkage": _walk,
        "feed": _feed,
        "candidates": functools.partial(_candidates, finder),
    }
    groups: dict[tuple[Any, ...], list[Inquiry]] = {}
    for inquiry in inquiries:
        dataset = inquiry.dataset
        if not inquiry.is_open or dataset is None:
            continue
        alone = readers.get(inquiry.question.operation)
        if alone is not None:
            _guarded([inquiry], alone, dataset, databases)
            continue
        state = (inquiry.valid_on, inquiry.as_of)
        groups.setdefault((inquiry.question.dataset, needed_fields(inquiry), state), []).append(
            inquiry
        )
    for group in groups.values():
        dataset = group[0].dataset
        if dataset is not None:
            _guarded(group, _look_up, dataset, databases)


def needed_fields(inquiry: Inquiry) -> frozenset[str]:
    """Name the fields to read: those asked for, who it is, and what tells whether it is reached.

    The key is read because a cancelled number finds its bearer: the log names who was disclosed.
    """
    dataset = inquiry.dataset
    asked = (*inquiry.question.fields, *inquiry.question.claims)
    if dataset is None:
        return frozenset(asked)
    if inquiry.given:
        asked = (*asked, *fields_compared(dataset, inquiry.given))
    return frozenset((*asked, dataset.key, *fields_to_judge(inquiry)))


def _guarded(group: list[Inquiry], read: Any, dataset: Dataset, databases: Databases) -> None:
    """Let a failing read fail the questions of its own group only."""
    try:
        try:
            read(group, dataset, databases)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            read(group, dataset, databases)  # the pool held a dead connection; now it is a new one
    except RegisterError as error:
        for inquiry in group:
            inquiry.problem = error
    except SQLAlchemyError:
        log.exception("reading %s failed", dataset.register)
        for inquiry in group:
            inquiry.problem = errors.RegisterUnavailable("The register cannot be read now.")


def _look_up(group: list[Inquiry], dataset: Dataset, databases: Databases) -> None:
    fields = needed_fields(group[0])
    keys = list({key: None for inquiry in group for key in inquiry.keys})
    found: dict[str, Mapping[str, Any]] = {}
    change = None
    with databases.reading(dataset.register) as session:
        as_of = _state(session, dataset, group[0])
        for start in range(0, len(keys), _MAX_KEYS):
            result: FetchResult = dataset.fetch(
                session, keys[start : start + _MAX_KEYS], fields, as_of
            )
            # A later statement may see later changes: the answer names the state of the first.
            if change is None:
                change = result.change
                as_of = AsOf(as_of.valid_on, change) if len(keys) > _MAX_KEYS else as_of
            found.update(result.records)
    for inquiry in group:
        inquiry.change = _named_change(as_of, change or 0)
        inquiry.records = {key: found[key] for key in inquiry.keys if key in found}


def _search(reach: Scope, group: list[Inquiry], dataset: Dataset, databases: Databases) -> None:
    """Read what a search finds within its reach, as if nothing lay outside.

    Records outside count for nothing: what is cut off by the limit, and whether something is, would
    tell of them. So more is read until enough lies inside, or nothing is left.
    """
    inquiry = group[0]
    most = max(_MOST_SEARCHED, inquiry.limit)
    limit = inquiry.limit
    with databases.reading(dataset.register) as session:
        as_of = _state(session, dataset, inquiry)
        change = None
        while True:
            result = dataset.search(
                session, inquiry.predicates, needed_fields(inquiry), as_of, limit
            )
            if change is None:
                change = _named_change(as_of, result.change)
            inside = [key for key, one in result.records.items() if reach.reaches(inquiry, one)]
            if len(inside) >= inquiry.limit or len(result.records) < limit:
                break
            if limit >= most:
                raise PredicatesTooWide("Too many records fit; add a predicate that narrows.")
            limit, as_of = min(limit * 4, most), AsOf(as_of.valid_on, change)
    inquiry.change = change
    inquiry.keys = tuple(inside[: inquiry.limit])
    inquiry.records = {key: result.records[key] for key in inquiry.keys}


def _walk(group: list[Inquiry], dataset: Dataset, databases: Databases) -> None:
    """Read one page of all records, whole of the state that it names."""
    inquiry = group[0]
    if dataset.walk is None or inquiry.page is None:
        raise NotWalked("This dataset is not read as a whole.")
    found: dict[str, Mapping[str, Any]] = {}
    fields = needed_fields(inquiry)
    with databases.reading(dataset.register) as session:
        # Several statements, one snapshot: the page can be read again as of the change it names.
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        as_of = _state(session, dataset, inquiry)
        last = ledger.last_change(session, _LEDGERS[dataset.register])
        keys = dataset.walk(session, as_of, inquiry.page)
        for start in range(0, len(keys), _MAX_KEYS):
            result = dataset.fetch(session, keys[start : start + _MAX_KEYS], fields, as_of)
            found.update(result.records)
    inquiry.change = _named_change(as_of, last)
    inquiry.walked = tuple(keys)
    inquiry.records = {key: found[key] for key in keys if key in found}


def _candidates(
    finder: Finder | None, group: list[Inquiry], dataset: Dataset, databases: Databases
) -> None:
    inquiry = group[0]
    name, terms = inquiry.question.dataset, inquiry.granted.matching
    with databases.reading("exchange") as session:
        keys, inquiry.index_change = look_at(finder, session, name, inquiry.given, terms)
    with databases.reading(dataset.register) as session:
        as_of = _state(session, dataset, inquiry)
        result = dataset.fetch(session, keys, needed_fields(inquiry), as_of)
    inquiry.change = _named_change(as_of, result.change)
    if finder is None or terms is None:
        return
    inquiry.model = finder.model
    with databases.reading("exchange") as session:
        evidence = finder.weigh_records(session, name, inquiry.given, result.records)
    chosen = choose(result.records, evidence, dataset.key, terms.least_probability)
    inquiry.records, inquiry.keys = chosen, tuple(chosen)
    inquiry.evidence = {key: evidence[key] for key in chosen}


def last_change(databases: Databases, register: str) -> int:
    """Tell the number of a register's last change: that something changed, of nobody what.

    Raises:
        RegisterUnavailable: the register cannot be read now.
    """
    try:
        with databases.reading(register) as session:
            return ledger.last_change(session, _LEDGERS[register])
    except SQLAlchemyError as error:
        raise errors.RegisterUnavailable("The register cannot be read now.") from error


def _feed(group: list[Inquiry], dataset: Dataset, databases: Databases) -> None:
    """Read one page of changes: each record that they touched as it was before and after."""
    inquiry = group[0]
    page = inquiry.feed
    if dataset.walk is None or page is None:
        raise NotWalked("Of this dataset there is no feed of changes.")
    with databases.reading(dataset.register) as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        own = _LEDGERS[dataset.register]
        inquiry.change = ledger.last_change(session, own)
        ledger.require_change(session, own, page.after)
        changes = ledger.list_changes(
            session, own, after=page.after, limit=page.limit, verbs=page.verbs
        )
        if isinstance(inquiry.as_of, int):  # a page that is made again ends where the ledger did
            inquiry.change = inquiry.as_of
            changes = [one for one in changes if one[0] <= inquiry.change]
        numbers = [number for number, _, _ in changes]
        begun = (numbers[0], page.after_key) if numbers and page.after_key else (page.after, "")
        touched = dataset.walk.list_changed(session, numbers, begun, page.limit)
        states = _before_and_after(session, dataset, needed_fields(inquiry), touched)
    with databases.reading("exchange") as session:
        inquiry.notices = tuple(
            notices.list_open(
                session,
                recipient=inquiry.question.consumer,
                dataset=inquiry.question.dataset,
                at=None if inquiry.as_of is None else inquiry.received_at,
            )
        )
    acts = {number: (moment, act) for number, moment, act in changes}
    inquiry.events = tuple(
        Event(
            change=one.change,
            recorded_at=acts[one.change][0],
            key=one.key,
            is_correction=acts[one.change][1].rpartition(".")[2] in CORRECTING,
            states=tuple(states[one.change, one.key]),
        )
        for one in touched
    )
    inquiry.feed_ends = (numbers[-1] if numbers else page.after, "")
    if len(touched) == page.limit:
        last = touched[-1]
        complete = [number for number in numbers if number < last.change]
        inquiry.feed_ends = (complete[-1] if complete else page.after, last.key)


def _before_and_after(
    session: Any, dataset: Dataset, fields: frozenset[str], touched: Sequence[Changed]
) -> dict[tuple[int, str], list[tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]]]:
    """Read records before and after changes, one statement a change, day and side."""
    wanted: dict[tuple[int, date], list[str]] = {}
    for one in touched:
        for day in one.days:
            wanted.setdefault((one.change, day), []).append(one.key)
    states: dict[
        tuple[int, str], list[tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]]
    ] = {(one.change, one.key): [] for one in touched}
    for (change, day), keys in wanted.items():
        before, after = (
            dataset.fetch(session, keys, fields, AsOf(day, number)).records
            for number in (change - 1, change)
        )
        for key in keys:
            states[change, key].append((before.get(key), after.get(key)))
    return states


def _named_change(as_of: AsOf, snapshot: int) -> int:
    return snapshot if as_of.change is None else as_of.change


def _state(session: Any, dataset: Dataset, inquiry: Inquiry) -> AsOf:
    if isinstance(inquiry.as_of, datetime):
        number = ledger.change_at(session, _LEDGERS[dataset.register], inquiry.as_of)
        return AsOf(inquiry.valid_on, number)
    if inquiry.as_of is not None:
        ledger.require_change(session, _LEDGERS[dataset.register], inquiry.as_of)
    return AsOf(inquiry.valid_on, inquiry.as_of)
