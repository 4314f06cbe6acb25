"""What a register publishes, described so that the exchange can decide, fetch and explain it.

A register fills these in its `datasets.py`; the exchange reads them and nothing else of a register.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

from sqlalchemy.orm import Session

from databases import errors
from databases.changes.versions import AsOf
from databases.errors import FieldProblem

Parameters = dict[str, Any]
ValueReader = Callable[[str, Any], Parameters]
FieldType = Literal[
    "text", "date", "partial_date", "code", "address", "list", "integer", "boolean", "object"
]
# A range of numbers can be asked for, though no field holds one.
PredicateType = FieldType | Literal["range"]
Sensitivity = Literal["basic", "sensitive"]
Format = Literal["full", "year_only", "initials", "yes_no", "pairwise_pseudonym"]


class FieldUnknown(errors.Invalid):
    """The dataset has no field of that name."""

    code = "datasets.field_unknown"


class PredicateUnknown(errors.Invalid):
    """The dataset cannot be searched by that predicate."""

    code = "datasets.predicate_unknown"


class PredicatesTooWide(errors.Invalid):
    """The predicates given do not narrow a search enough."""

    code = "datasets.predicates_too_wide"


class PredicateMalformed(errors.Invalid):
    """The value asked for does not have the shape of its predicate."""

    code = "datasets.predicate_malformed"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a dataset can say about a record.

    Args:
        name: English name in messages.
        type: shape of the value; a code is an object of code, list and version.
        sensitivity: class under the law on personal data.
        sources: fields that a derived field is computed from; empty for a field of its own. Who is
            to see a derived field needs rights to all its sources.
        formats: ways in which an agreement may grant it; the first one is the usual one.
        code_list: list that its codes are taken from, if it is a code or a list of codes.
        law_item: number of the item in the law that the register records it under.
        title_vi: Vietnamese title in the words of the law.
        description: what it means, in one sentence.
    """

    name: str
    type: FieldType
    sensitivity: Sensitivity
    sources: tuple[str, ...]
    formats: tuple[Format, ...]
    code_list: str | None
    law_item: str
    title_vi: str
    description: str


@dataclass(frozen=True, slots=True)
class FormerField:
    """A field that answers once gave under a name that is published no longer.

    Whoever renames or drops a published field records it here, in the change that does so: answers
    that gave the field are made again by it, or it is said why they cannot be.

    Args:
        field: as it was published, under its former name.
        migration: number of the register's migration that renamed or dropped it.
        now: field that says the same; empty: dropped, nothing does.
    """

    field: Field
    migration: str
    now: str = ""


@dataclass(frozen=True, slots=True)
class Predicate:
    """One condition that a search may use.

    Args:
        name: name in the question.
        type: shape of the value asked for.
        description: how the comparison is made.
        read: takes the name and the value asked for, gives the parameters of the statement or
            raises `PredicateMalformed`; see `databases.predicate_values`.
        fields: fields that it reveals; searching by it needs rights to them.
        needs: predicates of which at least one must be given with it, because it is too wide on its
            own; empty when it stands alone.
    """

    name: str
    type: PredicateType
    description: str
    read: ValueReader
    fields: tuple[str, ...]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What one statement read.

    Args:
        change: number of the last change in the snapshot that was read.
        records: key as it was asked → field → JSON-ready value; unknown keys are absent. A field
            without a value is present and None; a list field without entries is empty.
    """

    change: int
    records: Mapping[str, Mapping[str, Any]]


FetchFunction = Callable[[Session, Sequence[str], frozenset[str], AsOf], FetchResult]
SearchFunction = Callable[
    [Session, Mapping[str, Any], frozenset[str], AsOf, int],
    FetchResult,
]


@dataclass(frozen=True, slots=True)
class Walk:
    """Which page of a walk through all records of a dataset is wanted.

    Args:
        after: key that the page before ended with; empty for the first page.
        limit: most keys of a page.
        since: state that is known already: only records that may have become others since, be it
            by a change or because a day came. None: all records.
    """

    after: str
    limit: int
    since: AsOf | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A record that a change touched.

    Args:
        change: number of the change.
        key: of the record.
        days: days on which what is said of it may have become another, in order.
    """

    change: int
    key: str
    days: tuple[date, ...]


class WalkFunction(Protocol):
    """Goes through all records of a dataset, by their keys or by the changes that touched them."""

    def __call__(self, session: Session, as_of: AsOf, page: Walk, /) -> Sequence[str]:
        """List the keys of one page, in an order of its own that never changes.

        Returns:
            fewer than asked for: the last page. Of a walk since a state also keys that are there
            no longer.
        """

    def list_changed(
        self, session: Session, changes: Sequence[int], after: tuple[int, str], limit: int, /
    ) -> Sequence[Changed]:
        """List records that some changes may have touched, in order of change and key.

        Args:
            changes: numbers, in order.
            after: change and key to go on behind; an empty key: before the first one.

        Returns:
            fewer than asked for: there are no more. A record of which nothing became another may be
            among them.
        """


@dataclass(frozen=True)
class Dataset:
    """A kind of record that a register publishes.

    Args:
        name: singular noun, as in a question's path.
        register: register that holds it.
        key: name of the field that look-ups ask by.
        key_rule: gives the key in its canonical form or raises `MalformedIdentifier`.
        fields: name → field.
        predicates: name → predicate.
        standard: name of the published message standard.
        standard_version: version of it that answers conform to.
        fetch: reads records by key: one statement for up to a thousand keys, only the columns of
            the fields asked for.
        search: reads at most `limit` records that satisfy all predicates, in a stable order.
        territory_of: address fields that say in which province and commune a record lies.
        search_limit: most records that a search gives at once.
        walk: lists the keys of all records, page by page; None for what is not read as a whole.
        is_personal: whether a record is about somebody. Of a search in other records, such as the
            shapes of parcels, the log keeps one entry and not one for each record.
        subject: what its records are matched as, ``person`` or ``enterprise``; empty for what is
            not matched.
        matched: field of record matching → published field that holds it.
        former: fields that were published once, under names that are no field's now.
    """

    name: str
    register: str
    key: str
    key_rule: Callable[[str], str]
    fields: Mapping[str, Field]
    predicates: Mapping[str, Predicate]
    standard: str
    standard_version: str
    fetch: FetchFunction
    search: SearchFunction
    territory_of: tuple[str, ...]
    search_limit: int = 50
    walk: WalkFunction | None = None
    is_personal: bool = True

    subject: str = ""
    matched: Mapping[str, str] = field(default_factory=dict)
    former: tuple[FormerField, ...] = ()


def refuse_searches(message: str) -> SearchFunction:
    """Make the `search` of a dataset that cannot be searched; the message says what to do."""

    def search(
        session: Session, asked: Mapping[str, Any], fields: frozenset[str], as_of: AsOf, limit: int
    ) -> FetchResult:
        raise PredicateUnknown(message)

    return search


def require_fields(dataset_fields: Mapping[str, Field], names: frozenset[str]) -> None:
    """Refuse names that are no fields of a dataset.

    Raises:
        FieldUnknown: at least one name is none; `fields` lists them.
    """
    unknown = sorted(names - dataset_fields.keys())
    if unknown:
        problems = [FieldProblem(n, "field.unknown", "No such field here.") for n in unknown]
        raise FieldUnknown("Ask only for fields that the dataset publishes.", fields=problems)


def require_predicates(predicates: Mapping[str, Predicate], given: Mapping[str, Any]) -> None:
    """Refuse predicates that a dataset does not have, and searches that are too wide.

    Raises:
        PredicateUnknown: at least one name is none of the dataset's; `fields` lists them.
        PredicatesTooWide: none is given, or none of those given may stand alone or beside another.
    """
    unknown = sorted(set(given) - predicates.keys())
    if unknown:
        problems = [FieldProblem(n, "predicate.unknown", "No such predicate.") for n in unknown]
        raise PredicateUnknown("Search only by predicates of the dataset.", fields=problems)
    if not any(_is_narrow(predicates[name], given) for name in given):
        raise PredicatesTooWide("Add a predicate that narrows the search, such as the name.")


def _is_narrow(predicate: Predicate, given: Mapping[str, Any]) -> bool:
    return not predicate.needs or any(name in given for name in predicate.needs)
