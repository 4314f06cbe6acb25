"""Kept questions that are erased: `./natdb audit erase-questions`."""

from datetime import datetime
from typing import Annotated

import typer


def erase_questions(
    legal_basis: Annotated[str, typer.Option(help="provision that asks for it or allows it")],
    officer: Annotated[str, typer.Option(help="who asks for it")],
    second_officer: Annotated[str, typer.Option(help="who agrees: somebody else")],
    agency: Annotated[str, typer.Option(help="agency for which both act")],
    subject: Annotated[str, typer.Argument(help="register:key of the person")] = "",
    before: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="all questions before this day (UTC)"),
    ] = None,
) -> None:
    """Erase what was asked about a person, or all before a day; entries and proofs stay.

    The log tells of it. Answers whose question is erased cannot be made again.
    """
    from command_line import in_house
    from databases.sessions import open_databases
    from databases.settings import REGISTERS
    from sharing_api import keys as exchange_keys
    from sharing_api import settings as exchange_settings
    from sharing_api.access_log import entries, erasing

    databases = open_databases("natdb-audit")
    register, _, key = subject.partition(":")
    if subject and (register not in REGISTERS or not key):
        raise typer.BadParameter("write register:key", param_hint="SUBJECT")
    secret = exchange_keys.load(exchange_settings.load(databases.settings)).subject
    tag = entries.subject_tag(secret, register, key) if subject else None
    day = before.date() if before else None
    erasure = erasing.Erasure(tag, register, day, legal_basis, officer, second_officer, agency)
    with databases.writing("exchange") as session:
        act = erasing.begin(session, erasure, in_house.now())
    total, place = 0, 0
    while True:
        with databases.writing("exchange") as session:
            erased, reached = erasing.erase_some(session, act, place)
        total += erased
        if reached is None:
            break
        place = reached
    databases.dispose()
    print(f"{total} questions erased; entry {act.entry_id} of the log tells of it.")
