"""Answers made again: `./natdb audit replay ENTRY | --sample N | --since T`."""

import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from command_line import in_house

if TYPE_CHECKING:
    from sharing_api.replay.service import Replayer
    from sharing_api.replay.values import Replayed

_CLIENT = "auditor"
_DIFFERS = 1


def register(audit: typer.Typer) -> None:
    """Add the command."""
    audit.command("replay")(replay)


def replay(
    entry: Annotated[str, typer.Argument(help="id of an entry of the log")] = "",
    sample: Annotated[int, typer.Option(min=0, help="so many answers, drawn at random")] = 0,
    since: Annotated[
        datetime | None, typer.Option(help="answers since this moment (UTC); all, or a sample")
    ] = None,
    client: Annotated[str, typer.Option(help="registered system that does it")] = _CLIENT,
    legal_basis: Annotated[str, typer.Option(help="what lets it; the system's usual one")] = "",
    case: Annotated[str, typer.Option(help="number of the audit's case")] = "",
    details: Annotated[
        bool, typer.Option("--all", help="tell those that are the same too")
    ] = False,
) -> None:
    """Decide again, answer again as of then, and compare with the log; no value is shown.

    Ends with 1 when a decision or an answer differs. Each answer made again is an entry of the log
    itself.
    """
    from datetime import UTC

    from databases import settings as settings_module
    from sharing_api import app, bootstrap
    from sharing_api.disclosure.in_house import Errand
    from sharing_api.replay.service import PURPOSE

    if bool(entry) == bool(sample or since):
        raise typer.BadParameter("name an entry, or --sample or --since", param_hint="ENTRY")
    basis = legal_basis or bootstrap.usual_legal_basis(client)
    if not basis:
        raise typer.BadParameter("name what lets it be done", param_hint="--legal-basis")
    errand = Errand(client, in_house.user(), PURPOSE, basis, case)
    moment = since.replace(tzinfo=UTC) if since else None
    with app.open_replayer(settings_module.load(), errand) as replayer:
        started = time.monotonic()
        found = _choose(replayer, entry, sample, moment)
        counted = _tell(found, is_detailed=details or bool(entry))
        seconds = time.monotonic() - started
    total = counted.total()
    sums = ", ".join(f"{name.replace('_', ' ')}: {n}" for name, n in sorted(counted.items()))
    print(f"{total} answers made again in {seconds:.1f} s – {sums or 'none'}")
    if counted["decision_differs"] or counted["answer_differs"]:
        raise typer.Exit(_DIFFERS)


def _choose(
    replayer: "Replayer", entry: str, sample: int, since: datetime | None
) -> "Iterator[Replayed]":
    if entry:
        try:
            entry_id = uuid.UUID(entry)
        except ValueError as error:
            raise typer.BadParameter("this is no id of an entry", param_hint="ENTRY") from error
        return iter([replayer.replay_entry(entry_id)])
    if sample:
        return replayer.replay(replayer.draw(sample, since))
    if since is None:
        return iter(())
    return replayer.replay(replayer.list_since(since))


def _tell(found: "Iterable[Replayed]", *, is_detailed: bool) -> Counter[str]:
    counted: Counter[str] = Counter()
    for one in found:
        counted[one.outcome] += 1
        if is_detailed or one.outcome != "same":
            _print(one)
    return counted


def _print(one: "Replayed") -> None:
    print(
        f"{one.outcome.replace('_', ' ')}: {one.answer_id}  {one.operation} {one.dataset} "
        f"at change {one.change}, {one.entries} entries; decision {one.decided}"
    )
    for cause in one.causes:
        about = f" {cause.what}" if cause.what else ""
        print(f"    {cause.reason.replace('_', ' ')}{about}: {cause.detail}")
