"""Station 2: what is asked, in canonical form. Input is refused here with the field named."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from databases import periods
from databases.errors import FieldProblem, Invalid, RegisterError
from sharing_api import errors
from sharing_api.access_log import entries
from sharing_api.agreements.credentials import Caller
from sharing_api.agreements.values import Question
from sharing_api.disclosure import catalogue, forms
from sharing_api.disclosure.inquiry import FeedPage, Form, Inquiry
from sharing_api.settings import MAX_BODY_BYTES
from sharing_api.standards import validate

OPERATIONS = ("look-up", "verify", "batch", "search")
TRANSPORT_HEADERS = ("x-road-client", "x-road-id", "x-road-issue", "x-road-userid")
_MAX_HEADER = 255
_LISTS = ("search", "candidates")  # operations whose answers are as long as there are records
# The standard of searches holds no more; a dialect's own form may.
_MAX_RECORDS = 1000


class InvalidQuestion(Invalid):
    """The question can be read but breaks rules; `fields` says which."""

    code = "exchange.invalid_question"


class InvalidKey(Invalid):
    """A key does not have its legal form."""

    code = "exchange.invalid_key"


def read_json(body: bytes) -> Any:
    """Read a JSON body, refusing what two readers could understand differently.

    Raises:
        TooLarge: more than 256 KiB.
        Malformed: not UTF-8, not JSON, a member twice, NaN or Infinity, or nested too deep.
    """
    if len(body) > MAX_BODY_BYTES:
        raise errors.TooLarge(f"A question has at most {MAX_BODY_BYTES} bytes.")
    try:
        return _DECODER.decode(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise errors.Malformed("The body is not UTF-8.") from error
    except RecursionError as error:
        raise errors.Malformed("The body is nested too deep.") from error
    except ValueError as error:
        raise errors.Malformed("The body is not JSON.") from error


def _members_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise errors.Malformed("A member stands twice in an object of the body.")
    return members


def _no_constant(name: str) -> None:
    raise errors.Malformed(f"{name} is no JSON value.")


_DECODER = json.JSONDecoder(object_pairs_hook=_members_once, parse_constant=_no_constant)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, whatever the protocol in which it came.

    Args:
        dataset: `register/dataset`.
        keys: as written; none for a search.
        given: what is known of whoever candidates are searched for: match field → text.
        agreement: hash of the agreement to be judged by, or None.
        limit: most records of a search; None: as many as the dataset gives at once.
        valid_on: day for which the answer is to hold; None: today in Viet Nam.
        as_of: state of the register; None: the newest.
        feed: which page of a feed of changes.
        emergency_reason: why it is asked outside of the usual agreements; empty: it is not.
    """

    dataset: str
    operation: str
    fields: tuple[str, ...]
    purpose: str
    legal_basis: str
    keys: tuple[str, ...] = ()
    predicates: Mapping[str, Any] = field(default_factory=dict)
    claims: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    procedure: str = ""
    agreement: str | None = None
    officer: str = ""
    case_reference: str = ""
    limit: int | None = None
    valid_on: date | None = None
    as_of: int | datetime | None = None
    feed: FeedPage | None = None
    emergency_reason: str = ""


def read(
    caller: Caller,
    *,
    dataset_name: str,
    operation: str,
    body: bytes,
    headers: Mapping[str, str],
    now: datetime,
) -> Inquiry:
    """Make an inquiry out of a message of the exchange's own protocol.

    Args:
        dataset_name: `register/dataset` from the path.
        operation: from the path.
        body: exact bytes; their hash binds the answer to the question.
        headers: with lower-case names.
        now: moment at which the request arrived.

    Raises:
        Malformed, TooLarge, NotAcceptable: the message itself is not fit.
        InvalidQuestion, InvalidKey: it breaks rules, each named with its field.
    """
    message = read_json(body)
    try:
        problems = validate.validate_question(operation, message)
    except ValueError as error:  # deeper than the validator goes, or half of a surrogate pair
        raise errors.Malformed("The body is nested too deep or is not Unicode.") from error
    if problems:
        raise InvalidQuestion("The question breaks the published rules.", fields=problems)
    keys = message["keys"] if operation == "batch" else [message["key"]] if "key" in message else []
    asked = Asked(
        dataset=dataset_name,
        operation=operation,
        fields=tuple(message.get("fields", ())),
        purpose=message["purpose"],
        legal_basis=message["legal_basis"],
        keys=tuple(keys),
        predicates=message.get("predicates", {}),
        claims=message.get("claims", {}),
        procedure=message.get("procedure", ""),
        agreement=message.get("agreement"),
        officer=message.get("officer", ""),
        case_reference=message.get("case", ""),
        limit=message.get("limit", _MAX_RECORDS),
        valid_on=_read_time("valid_on", date, message.get("valid_on")),
        as_of=_read_time("as_of", datetime, message.get("as_of")),
    )
    form = forms.choose(
        headers.get("accept", "*/*"), operation, catalogue.DATASETS.get(dataset_name)
    )
    return make_inquiry(caller, asked, request=body, headers=headers, form=form, now=now)


def make_inquiry(
    caller: Caller,
    asked: Asked,
    *,
    request: bytes,
    headers: Mapping[str, str],
    form: Form,
    now: datetime,
) -> Inquiry:
    """Make an inquiry in canonical form.

    Args:
        request: bytes that say what was asked; their hash goes into the log and the receipt.
        headers: with lower-case names.
        now: moment at which the request arrived.

    Raises:
        Malformed: a header of the transport is not fit to be logged.
        InvalidKey: a key does not have its legal form.
    """
    dataset = catalogue.DATASETS.get(asked.dataset)
    most = dataset.search_limit if dataset else 0
    return Inquiry(
        answer_id=entries.new_answer_id(now),
        received_at=now,
        question=Question(
            consumer=caller.agency,
            dataset=asked.dataset,
            operation=asked.operation,
            fields=asked.fields,
            purpose=asked.purpose,
            legal_basis=asked.legal_basis,
            procedure=asked.procedure,
            claims=tuple(asked.claims),
            predicates=tuple(asked.predicates),
            provinces=tuple(_provinces(asked.predicates)),
            given=tuple(asked.given),
            agreement_hash=asked.agreement,
            client=caller.client,
            is_emergency=bool(asked.emergency_reason),
        ),
        client=caller.client,
        officer=asked.officer,
        case_reference=asked.case_reference,
        request_hash=hashlib.sha256(request).digest(),
        form=form,
        transport=_transport(headers),
        keys=_keys(dataset.key_rule, asked.keys) if dataset else asked.keys,
        predicates=asked.predicates,
        claims=asked.claims,
        given=asked.given,
        limit=_limit(asked, most),
        valid_on=asked.valid_on or periods.day_in_vietnam(now),
        as_of=asked.as_of,
        feed=asked.feed,
        emergency_reason=asked.emergency_reason,
        dataset=dataset,
    )


def _limit(asked: Asked, most: int) -> int:
    """Give how many records may be given that are not asked for by key."""
    if asked.feed is not None:
        return asked.feed.limit
    return min(asked.limit or most, most) if asked.operation in _LISTS else 0


def _keys(rule: Any, keys: Iterable[str]) -> tuple[str, ...]:
    canonical: dict[str, None] = {}
    problems = []
    for number, key in enumerate(keys):
        try:
            canonical[rule(key)] = None
        except RegisterError as error:
            for one in error.fields or (FieldProblem("key", error.code, error.message),):
                pointer = f"keys/{number}" if number else "key"
                problems.append(FieldProblem(pointer, one.rule, one.message))
    if problems:
        raise InvalidKey("A key does not have its legal form.", fields=problems)
    return tuple(canonical)


def _transport(headers: Mapping[str, str]) -> dict[str, str]:
    found = {name: headers[name] for name in TRANSPORT_HEADERS if name in headers}
    for name, value in found.items():
        require_loggable(name, value)
    return found


def require_loggable(header: str, value: str) -> None:
    """Refuse a header that is not fit to be kept in the log.

    Raises:
        Malformed: more than 255 characters, or some that cannot be printed.
    """
    if len(value) > _MAX_HEADER or not value.isprintable():
        raise errors.Malformed(f"The header {header} is too long or not printable.")


def _provinces(predicates: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Name the provinces that a search asks about, so that its territory can be judged."""
    province = predicates.get("province")
    if isinstance(province, Mapping):
        yield str(province.get("version", "")), str(province.get("code", ""))


def _read_time(name: str, kind: type[date], value: Any) -> Any:
    """Read a day or moment; the calendar lacks some that the schema's format has (year 0, :60)."""
    try:
        return kind.fromisoformat(value.upper()) if isinstance(value, str) else value
    except ValueError as error:
        problem = FieldProblem(f"/{name}", "format", "The calendar has no such day or moment.")
        raise InvalidQuestion("The question breaks rules.", fields=[problem]) from error
