"""The officer's command: `./natdb ask`, a question from the terminal with its receipt verified."""

import functools
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from command_line import clients

if TYPE_CHECKING:
    from databases.code_lists.catalogue import Catalogue
    from sharing_api.client import Answer, ExchangeClient

_PROOF_TRIES = 20
_PROOF_WAIT_SECONDS = 0.2


def register(app: typer.Typer) -> None:
    """Add the commands of an officer."""
    app.command("ask")(ask)
    app.command("token")(token)


def token(
    client: Annotated[str, typer.Option(help="system that asks")] = clients.USUAL,
    address: Annotated[str, typer.Option(help="address of the exchange")] = "",
) -> None:
    """Print an access token, for trying the API by hand."""
    print(clients.open_client(client, address).token())


def ask(
    dataset: Annotated[str, typer.Argument(help="register/dataset, such as population/citizen")],
    fields: Annotated[str, typer.Option(help="fields wanted, parted by commas")],
    purpose: Annotated[str, typer.Option(help="one of the agreement's purposes")],
    key: Annotated[list[str] | None, typer.Option(help="key of the record; several: batch")] = None,
    where: Annotated[list[str] | None, typer.Option(help="search predicate, name=value")] = None,
    legal_basis: Annotated[str, typer.Option(help="one of the agreement's legal bases")] = "",
    procedure: Annotated[str, typer.Option(help="code of the public service")] = "",
    case: Annotated[str, typer.Option(help="number of the case")] = "",
    officer: Annotated[str, typer.Option(help="who asks")] = "",
    valid_on: Annotated[str, typer.Option(help="day, YYYY-MM-DD; today if left out")] = "",
    as_of: Annotated[str, typer.Option(help="change number or moment of knowledge")] = "",
    client: Annotated[str, typer.Option(help="system that asks")] = clients.USUAL,
    address: Annotated[str, typer.Option(help="address of the exchange")] = "",
    save: Annotated[Path | None, typer.Option(help="folder for question, answer, receipt")] = None,
    xml: Annotated[bool, typer.Option("--xml", help="ask for XML and print it")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print the answer as JSON")] = False,
) -> None:
    """Ask for a citizen or an enterprise, verify the receipt, print the answer."""
    from sharing_api import bootstrap
    from sharing_api.client import ExchangeRefused

    exchange = clients.open_client(client, address)
    question = _question(
        {
            "purpose": purpose,
            "legal_basis": legal_basis or bootstrap.usual_legal_basis(client),
            "procedure": procedure,
            "case": case,
            "officer": officer or os.environ.get("USER", ""),
            "valid_on": valid_on,
            "as_of": int(as_of) if as_of.isdigit() else as_of,
        },
        fields,
        key or [],
        where or [],
    )
    operation = "search" if where else "batch" if len(key or []) > 1 else "look-up"
    accept = "application/xml" if xml else "application/json"
    answer = exchange.ask(dataset, operation, question, accept=accept)
    if save is not None:
        _keep(exchange, answer, save)
    if answer.status != 200:
        raise ExchangeRefused(answer)
    _print_answer(answer, as_json=as_json)
    _print_receipt(exchange, answer, save)


def _keep(exchange: "ExchangeClient", answer: "Answer", folder: Path) -> None:
    """Keep everything that proves an answer, with the log's proof as soon as it can be had."""
    import time

    from sharing_api.client import ExchangeRefused

    answer.save(folder)
    (folder / "keys.json").write_bytes(exchange.read("/v1/keys"))
    for _ in range(_PROOF_TRIES):
        try:
            (folder / "proof.json").write_bytes(exchange.read(answer.proof_path))
        except ExchangeRefused:
            time.sleep(_PROOF_WAIT_SECONDS)
        else:
            return
    print("The log has not taken the entry into its tree yet: ask for the proof again later.")


def _question(
    members: dict[str, Any], fields: str, keys: list[str], where: list[str]
) -> dict[str, Any]:
    question = {name: value for name, value in members.items() if value != ""}
    question["fields"] = [name.strip() for name in fields.split(",") if name.strip()]
    if where:
        question["predicates"] = dict(one.split("=", 1) for one in where)
    elif len(keys) > 1:
        question["keys"] = keys
    elif keys:
        question["key"] = keys[0]
    else:
        raise typer.BadParameter("name a record with --key or search with --where")
    return question


def _print_answer(answer: "Answer", *, as_json: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    if "json" not in answer.media_type:
        print(answer.body.decode())
        return
    document = answer.document
    if as_json:
        print(json.dumps(document, ensure_ascii=False, indent=2))
        return
    records = document.get("records") or [
        one.get("record", {"key": one["key"], "status": one["status"]})
        for one in document.get("answers", ())
    ]
    table = Table(title=f"{document['standard']}, register at change {document['change']}")
    if len(records) == 1:
        table.add_column("field")
        table.add_column("value", overflow="fold")
        for name, value in records[0].items():
            table.add_row(name, _text(value))
    else:
        for name in records[0] if records else ["nothing found"]:
            table.add_column(name, overflow="fold")
        for record in records:
            table.add_row(*(_text(value) for value in record.values()))
    Console().print(table)


def _text(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, dict):
        if "full" in value:
            return str(value["full"])
        if "street" in value:
            return _address(value)
        if "list" in value:
            return _named(value)
        named = ((name, _text(one)) for name, one in value.items() if one not in (None, []))
        return "  ".join(f"{name} {text}" for name, text in named)
    if isinstance(value, list):
        return "\n".join(_text(one) for one in value) or "–"
    return str(value)


def _address(value: dict[str, Any]) -> str:
    """Write an address with the names that its codes had in their version."""
    units = [("commune", value.get("commune")), ("province", value.get("province"))]
    named = [_named({**code, "list": name}) for name, code in units if code]
    return ", ".join(filter(None, (value["street"], value.get("village"), *named)))


def _named(code: dict[str, Any]) -> str:
    from databases.code_lists.errors import UnknownCodeList

    try:
        found = _lists().find(code["list"], code["version"], code["code"])
    except UnknownCodeList:  # a list that a register keeps for itself
        found = None
    return found.name if found is not None else f"{code['code']} ({code['version']})"


@functools.cache
def _lists() -> "Catalogue":
    from databases.code_lists import reading

    return reading.load_catalogue()


def _print_receipt(exchange: "ExchangeClient", answer: "Answer", save: Path | None) -> None:
    """Check the receipt with the stand-alone verifier, as any third party would."""
    import subprocess
    import sys
    import tempfile

    verifier = Path(__file__).resolve().parent.parent / "verify_receipt.py"
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder)
        answer.save(kept)
        (kept / "keys.json").write_bytes(exchange.read("/v1/keys"))
        name = "answer.json" if (kept / "answer.json").exists() else "answer.xml"
        arguments = ["receipt", "receipt.jws", "request", "question.json", "answer", name]
        command = [sys.executable, str(verifier), "--keys", "keys.json"]
        for option, file in zip(arguments[::2], arguments[1::2], strict=True):
            command += [f"--{option}", file]
        run = subprocess.run(command, cwd=kept, capture_output=True, text=True, check=False)  # noqa: S603  our own verifier
    if run.returncode != 0:
        print(run.stdout, run.stderr)
        raise typer.Exit(1)
    where = f"; kept in {save}" if save else ""
    print(f"Receipt verified: signature, question and answer belong together{where}.")
