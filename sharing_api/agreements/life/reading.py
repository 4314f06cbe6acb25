"""Documents as they come in: in the one form that is hashed and signed, or not at all. Pure."""

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from databases.errors import FieldProblem
from sharing_api.agreements import documents
from sharing_api.agreements.life import errors

# Says what of a document breaks the published standard.
Checker = Callable[[Mapping[str, Any]], Sequence[FieldProblem]]


def read_document(document: bytes, check: Checker) -> dict[str, Any]:
    """Read a document of an agreement.

    Two documents that a reader takes for the same have the same bytes, hence the same hash.

    Raises:
        NotCanonical: a member twice, another form of a number or a text, other bytes than those of
            its canonical form (RFC 8785), or text that is not in Unicode's composed form (NFC).
        DocumentInvalid: it breaks the published standard; `fields` says where.

    Source:
        RFC 8785; Unicode Standard Annex 15 (RFC 8785 leaves the forms of letters to its users).
    """
    content = read_json(document)
    if documents.canonical(content) != document:
        raise _other_form("Write it as RFC 8785 says: order of members, numbers, no white space.")
    problems = check(content)
    if problems:
        raise errors.DocumentInvalid("The agreement breaks its standard.", fields=problems)
    return content


def read_json(written: bytes) -> dict[str, Any]:
    """Read an object of JSON that has one canonical form, in whatever form it is written.

    Raises:
        NotCanonical: it has none, or its letters are not in Unicode's composed form (NFC).
    """
    try:
        text = written.decode("utf-8")
        content = json.loads(text, object_pairs_hook=_members_once, parse_constant=_no_constant)
        canonical = documents.canonical(content) if isinstance(content, dict) else b""
    except RecursionError as error:
        raise _other_form("It is nested too deep.") from error
    except ValueError as error:  # not UTF-8, not JSON, or a number that no canonical form has
        raise _other_form("It is no JSON in UTF-8 with numbers that have one form.") from error
    if not canonical:
        raise _other_form("It is no object of JSON.")
    if not unicodedata.is_normalized("NFC", canonical.decode()):
        raise _other_form("Write its letters in Unicode's composed form (NFC).")
    return dict(content)


def _members_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _other_form("A member stands twice in an object of it.")
    return members


def _no_constant(name: str) -> None:
    raise _other_form(f"{name} is no JSON value.")


def _other_form(sentence: str) -> errors.NotCanonical:
    return errors.NotCanonical.of_field("document", "agreements.not_canonical", sentence)
