"""Reads a search page by page, all pages of one state, for whatever file they become."""

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sharing_api.client import Answer, ExchangeClient


def make_question(*, client: str, purpose: str, legal_basis: str, valid_on: str) -> dict[str, Any]:
    """Say who asks and why, as each page's question repeats it; what is empty is left out.

    Args:
        client: system that asks; names the legal basis where none is given.
        valid_on: day, YYYY-MM-DD; empty for today.
    """
    from sharing_api import bootstrap

    members = {
        "purpose": purpose,
        "legal_basis": legal_basis or bootstrap.usual_legal_basis(client),
        "officer": os.environ.get("USER", ""),
        "valid_on": valid_on,
    }
    return {name: value for name, value in members.items() if value}


def read_pages(
    exchange: "ExchangeClient",
    dataset: str,
    question: Mapping[str, Any],
    predicates: Mapping[str, Any],
    key: str,
) -> Iterator["Answer"]:
    """Ask for page after page of a search.

    Args:
        exchange: asks in the name of a system whose agreement allows it.
        dataset: `register/dataset`; its searches know the predicate `after`.
        question: purpose, legal basis, who asks, and the fields; the key is one of them.
        predicates: which records; with `after` in it, those that come after.
        key: field that the records are ordered by.

    Raises:
        ExchangeUnreachable, ExchangeRefused: the exchange gives no answer.
    """
    from sharing_api.client import ExchangeRefused

    while True:
        answer = exchange.ask(dataset, "search", {**question, "predicates": dict(predicates)})
        if answer.status != 200:
            raise ExchangeRefused(answer)
        yield answer
        page = answer.document
        if not page["truncated"] or not page["records"]:
            return
        # Later pages show the state of the first one.
        question = {**question, "as_of": page["change"], "valid_on": page["valid_on"]}
        predicates = {**predicates, "after": page["records"][-1][key]}
