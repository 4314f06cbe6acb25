"""Asking the population register for counts in the name of the statistics office."""

import getpass
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from population_statistics.values import CountTable
    from sharing_api.client import Answer, ExchangeClient

_PURPOSE = "statistics.population"
_COUNTS = "population/person_count"


def ask_counts(
    exchange: "ExchangeClient", use: Mapping[str, str], day: date, as_of: int | None
) -> "tuple[dict[str, CountTable], int, str]":
    """Ask the population register, through the exchange, for all tables of counts of a day.

    Args:
        use: purpose and legal basis, as the agreement names them.
        as_of: change of the population register; None for the last.

    Returns:
        the tables; the change of the register that all of them are as of; the entry of the access
        log under which the day's were disclosed.

    Raises:
        ExchangeRefused: the agreement does not allow it.
    """
    from population_statistics import service

    answer = ask(exchange, use, service.COUNT_TABLES, day, as_of)
    change = int(answer.document["change"])
    before = ask(exchange, use, ["persons_by_age"], service.year_before(day), change)
    counts = read_tables(answer)
    counts[service.BEFORE] = read_tables(before)["persons_by_age"]
    return counts, change, str(answer.claims["entry_id"])


def use_of(client: str) -> dict[str, str]:
    """Say under which purpose and legal basis a system of the statistics office asks."""
    from sharing_api import bootstrap

    return {"purpose": _PURPOSE, "legal_basis": bootstrap.usual_legal_basis(client)}


def ask(
    exchange: "ExchangeClient",
    use: Mapping[str, str],
    tables: Sequence[str],
    day: date,
    as_of: int | None,
) -> "Answer":
    """Ask the population register, through the exchange, for tables of counts.

    Raises:
        ExchangeRefused: the agreement does not allow it.
    """
    from sharing_api.client import ExchangeRefused

    question: dict[str, Any] = {
        **use,
        "officer": getpass.getuser(),
        "fields": ["table", "columns", "cells"],
        "keys": list(tables),
        "valid_on": day.isoformat(),
    }
    if as_of is not None:
        question["as_of"] = as_of
    answer = exchange.ask(_COUNTS, "batch", question)
    if answer.status != 200:
        raise ExchangeRefused(answer)
    return answer


def read_tables(answer: "Answer") -> "dict[str, CountTable]":
    """Read the tables of an answer."""
    from population_statistics.values import CountTable

    tables = {}
    for one in answer.document["answers"]:
        record = one["record"]
        counts = {
            tuple("" if code is None else str(code) for code in cell[:-1]): int(cell[-1])
            for cell in record["cells"]
        }
        tables[record["table"]] = CountTable(tuple(record["columns"]), counts)
    return tables
