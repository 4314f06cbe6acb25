"""What the log holds about one person: `./natdb audit subject | withhold | rebuild-subjects`."""

import json
import uuid
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

# Registers in which a person is named by the personal identification number.
_BY_PIN = ("population", "land")


def report_subject(
    subject: Annotated[
        list[str],
        typer.Argument(help="personal number; or register:key, for each name that the person has"),
    ],
    out: Annotated[
        Path | None, typer.Option(help="file for the report, for `verify_receipt.py`")
    ] = None,
) -> None:
    """Tell who asked about a person, when, for what, and prove that none is missing."""
    from datetime import UTC

    from databases.sessions import open_databases
    from sharing_api import keys as exchange_keys
    from sharing_api import settings as exchange_settings
    from sharing_api.access_log import entries, repository
    from sharing_api.access_log.subjects import report

    databases = open_databases("natdb-audit")
    settings = exchange_settings.load(databases.settings)
    secret = exchange_keys.load(settings).subject
    subjects = [
        report.Subject(register, entries.subject_tag(secret, register, key))
        for register, key in _names(subject)
    ]
    on = datetime.now(UTC).date()  # noqa: TID251  the command line is an edge
    with databases.reading("exchange") as session:
        repository.read_one_snapshot(session)
        document = report.build(session, settings.log_name, subjects, on)
    databases.dispose()
    _print(json.loads(document))
    if out is not None:
        out.write_bytes(document)
        print(f"Report written to {out}. Check it: python verify_receipt.py --subject-report {out}")


def _names(given: list[str]) -> list[tuple[str, str]]:
    names = []
    for one in given:
        register, colon, key = one.partition(":")
        names += [(register, key)] if colon else [(each, one) for each in _BY_PIN]
    if len(set(names)) != len(names) or not all(key for _, key in names):
        raise typer.BadParameter("name each register:key once, and no key may be empty")
    return names


def _print(document: dict[str, Any]) -> None:
    for chain in document["chains"]:
        for one in (*chain["entries"], *chain["later"]):
            print(_told(one))
        told = f"{chain['count']} entries in {chain['register']}"
        later = f", {len(chain['later'])} later ones" if chain["later"] else ""
        print(f"{told} up to the commitment over {document['covers']}{later}.\n")
    for walk in document["walks"]:
        print(
            f"{walk['first_at'][:19]}  {walk['agency']} by {walk['client']}: read "
            f"{walk['dataset']} as a whole for {walk['purpose']}; concerns {walk['concerns']}"
        )


def _told(one: dict[str, Any]) -> str:
    entry = one.get("entry")
    if entry is None:
        return f"leaf {one['leaf_index']}: withheld until {one['withheld_until']}"
    officer = f", officer {entry['officer']}" if entry["officer"] else ""
    return (
        f"{entry['logged_at'][:19]}  {entry['agency']} by {entry['client']}{officer}\n"
        f"    {entry['operation']} {entry['dataset']} for {entry['purpose']}: {entry['decision']}, "
        f"{entry['rule']}; delivered: {', '.join(entry['fields']) or 'nothing'}\n"
        f"    agreement {entry['agreement_hash'][:16] or 'none'}, leaf {one['leaf_index']}"
    )


def withhold(
    entry: Annotated[str, typer.Argument(help="id of an entry, as in its receipt")],
    until: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="day from which the person is told")
    ],
    legal_basis: Annotated[str, typer.Option(help="provision that allows it")],
    officer: Annotated[str, typer.Option(help="who asks for it")],
    second_officer: Annotated[str, typer.Option(help="who agrees: somebody else")],
    agency: Annotated[str, typer.Option(help="agency for which both act")],
) -> None:
    """Withhold an entry from the person it is about until a day; the log tells that it was."""
    from datetime import UTC

    from databases.sessions import open_databases
    from sharing_api.access_log.subjects import withholding

    try:
        entry_id = uuid.UUID(entry)
    except ValueError as error:
        raise typer.BadParameter("an entry id is a UUID") from error
    order = withholding.Order(until.date(), legal_basis, officer, second_officer, agency)
    now = datetime.now(UTC)  # noqa: TID251  the command line is an edge
    with open_databases("natdb-audit").writing("exchange") as session:
        told = withholding.withhold(session, entry_id, order, now)
    print(f"Withheld until {until:%Y-%m-%d}; entry {told} of the log tells of it.")


def rebuild() -> None:
    """Make chains and tree of the subjects anew from the log, when they were damaged."""
    from databases.sessions import open_databases
    from sharing_api import keys as exchange_keys
    from sharing_api import settings as exchange_settings
    from sharing_api.access_log.subjects import committing

    databases = open_databases("natdb-audit")
    settings = exchange_settings.load(databases.settings)
    log_keys = exchange_keys.load(settings).log_keys(settings.log_name)
    with databases.writing("exchange", "integrator") as session:
        count = committing.rebuild(session, log_keys)
    print(f"Made anew from {count} entries; they lead to the root that was committed.")
