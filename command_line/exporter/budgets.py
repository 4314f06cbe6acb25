"""Budgets of a year as a Fiscal Data Package, asked for page by page."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sharing_api.client import ExchangeClient

_DEFAULT_CLIENT, _DEFAULT_PURPOSE = "budget-department", "budget.supervision"
_DATASET, _KEY = "finance/budget_execution", "budget_id"
_FIELDS = (_KEY, "unit_code", "budget_year", "chapter", "level", "estimates", "allocations",
           "execution", "settlements")  # fmt: skip


def export_finance(
    year: Annotated[int, typer.Option(help="budget year")],
    out: Annotated[Path, typer.Option(help="folder of the package")] = Path("fiscal_package"),
    valid_on: Annotated[str, typer.Option(help="day, YYYY-MM-DD; today if left out")] = "",
    purpose: Annotated[str, typer.Option(help="purpose in the agreement")] = _DEFAULT_PURPOSE,
    legal_basis: Annotated[str, typer.Option(help="one of the agreement's legal bases")] = "",
    client: Annotated[str, typer.Option(help="system that asks")] = _DEFAULT_CLIENT,
    address: Annotated[str, typer.Option(help="address of the exchange")] = "",
) -> None:
    """Export the budgets of a year as a Fiscal Data Package, with the receipts of its answers."""
    from command_line import clients
    from command_line.exporter import pages

    question = pages.make_question(
        client=client, purpose=purpose, legal_basis=legal_basis, valid_on=valid_on
    )
    exchange = clients.open_client(client, address)
    rows = export_year(exchange, year, out, question)
    print(f"{rows} rows in {out / 'datapackage.json'}; receipts in {out / 'receipts'}")


def export_year(
    exchange: "ExchangeClient", year: int, out: Path, question: Mapping[str, Any]
) -> int:
    """Read the budgets of a year, all of one state, and write them as a package.

    Args:
        exchange: asks in the name of a system whose agreement allows it.
        year: budget year.
        out: folder; the evidence of each page is kept in `receipts` below it.
        question: purpose, legal basis and who asks.

    Returns:
        number of rows of the package's main table.

    Raises:
        ExchangeUnreachable, ExchangeRefused: the exchange gives no answer.
    """
    from command_line.exporter import fiscal_package, pages

    records: list[Mapping[str, Any]] = []
    first: Mapping[str, Any] = {}
    asked = {**question, "fields": list(_FIELDS)}
    answers = pages.read_pages(exchange, _DATASET, asked, {"year": year}, _KEY)
    for number, answer in enumerate(answers, start=1):
        answer.save(out / "receipts" / f"{number:04d}")
        first = first or answer.document
        records.extend(answer.document["records"])
    state = fiscal_package.State(year, first["change"], first["valid_on"])
    return fiscal_package.write(out, records, state)
