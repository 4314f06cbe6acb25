"""Whether the log is what it was: `./natdb audit verify | proof`."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer


def verify(
    anchor: Annotated[
        list[Path] | None,
        typer.Option(help="checkpoint kept elsewhere that the log must contain; may be repeated"),
    ] = None,
    keys: Annotated[
        Path | None, typer.Option(help="public keys kept elsewhere (of /v1/keys)")
    ] = None,
    workers: Annotated[
        int, typer.Option(help="processes side by side; 0: one for each core", min=0)
    ] = 0,
    authority: Annotated[
        list[Path] | None,
        typer.Option(help="certificate (PEM) of a time-stamping authority, or of its root"),
    ] = None,
) -> None:
    """Derive the whole log again from its rows and compare it with what was signed.

    The work is done by a program apart, `python -m log_checker`, which another agency can run.
    """
    from command_line.operator.terminal import progress_line
    from databases.sessions import open_databases
    from log_checker import report, run

    site = open_databases("natdb-audit").settings
    url = site.url("exchange", "reader").set(drivername="postgresql")
    wishes = run.Wishes(
        url.render_as_string(hide_password=False),
        _own_keys(site) if keys is None else _read_json(keys),
        [_read_file(one).decode() for one in anchor or ()],
        workers,
        authorities=[_read_certificate(one) for one in authority or ()],
    )
    try:
        verdict = run.verify(wishes, progress_line("entries verified"))
    except run.NotSigned as refused:
        raise typer.BadParameter(f"a key or a kept checkpoint: {refused}") from refused
    print(report.describe(verdict))
    if verdict.problem:
        raise typer.Exit(1)


def _own_keys(site: Any) -> dict[str, Any]:
    from sharing_api import keys as exchange_keys
    from sharing_api import settings as exchange_settings
    from sharing_api.protocols import log

    settings = exchange_settings.load(site)
    return log.published_keys(exchange_keys.load(settings), settings)


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}") from error


def _read_certificate(path: Path) -> bytes:
    from log_checker import timestamps

    content = _read_file(path)
    try:
        timestamps.read_authorities([content])
    except ValueError as error:
        raise typer.BadParameter(f"{path} is no certificate in PEM") from error
    return content


def _read_json(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(_read_file(path))
        document["log_keys"]
    except (ValueError, KeyError, TypeError) as error:
        raise typer.BadParameter(f"{path} is no document of /v1/keys") from error
    return dict(document)


def proof(
    entry: Annotated[str, typer.Argument(help="id of an entry, as in its receipt")],
    out: Annotated[
        Path | None, typer.Option(help="file to write; the terminal if left out")
    ] = None,
    witnesses: Annotated[
        int, typer.Option(help="how many witnesses must have cosigned the checkpoint", min=0)
    ] = 0,
) -> None:
    """Write the proof that an entry stands in the log, for `verify_receipt.py --proof`."""
    import uuid

    from databases.sessions import open_databases
    from sharing_api.access_log import proofs

    try:
        entry_id = uuid.UUID(entry)
    except ValueError as error:
        raise typer.BadParameter("an entry id is a UUID") from error
    with open_databases("natdb-audit").reading("exchange") as session:
        found = proofs.entry_document(session, entry_id, witnesses)
    text = json.dumps(found, indent=2)
    if out is None:
        print(text)
    else:
        out.write_text(text + "\n", encoding="utf-8")
        print(f"Proof written to {out}.")
