"""The steward's worklist: `./natdb consistency`, what registers say that cannot all be true."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from command_line import in_house

if TYPE_CHECKING:
    from sharing_api.consistency.worklist import Shown, Worklist
    from sharing_api.worklists.values import State

_CLIENT = "consistency"
_PURPOSE = "registers.consistency"
_GARBAGE_OBJECTS = 100_000  # pages of records are many objects and no cycles
Client = Annotated[str, typer.Option(help="system that works, with an agreement for linkage")]
Basis = Annotated[str, typer.Option(help="one of the agreement's legal bases")]


def register(app: typer.Typer) -> None:
    """Add the commands of the worklist."""
    group = typer.Typer(help="Compare the registers, settle what is found.", no_args_is_help=True)
    group.command("run")(run)
    group.command("list")(list_findings)
    group.command("settle")(settle)
    app.add_typer(group, name="consistency")


def run(client: Client = _CLIENT, legal_basis: Basis = "") -> None:
    """Read what changed in the registers since the last run, all of it the first time; judge it."""
    import gc

    gc.set_threshold(_GARBAGE_OBJECTS)
    with _worklist(client, legal_basis) as worklist:
        done = worklist.run()
        counts = worklist.count()
    print(
        f"run {done.run_id}: {done.records} records read, {done.subjects} subjects judged; "
        f"the worklist:"
    )
    for rule, state, number in counts:
        print(f"  {number:6} {state.value:10} {rule}: {_meaning(rule)}")


def list_findings(
    rule: Annotated[str, typer.Option(help="name of a rule")] = "",
    state: Annotated[str, typer.Option(help="open, accepted, dismissed or resolved")] = "",
    steward: Annotated[str, typer.Option(help="agency that is to settle them, such as G10")] = "",
    limit: Annotated[int, typer.Option(min=1, max=200, help="most findings")] = 50,
    client: Client = _CLIENT,
    legal_basis: Basis = "",
) -> None:
    """Show findings with what their records say now; each record leaves an entry in the log."""
    from sharing_api.consistency.repository.findings import Wanted

    wanted = Wanted(rule or None, _state(state) if state else None, steward or None)
    with _worklist(client, legal_basis) as worklist:
        _print(worklist.show(wanted, limit=limit))


def settle(
    finding: Annotated[int, typer.Argument(help="number of the finding")],
    state: Annotated[str, typer.Option(help="accepted, dismissed or open")],
    reason: Annotated[str, typer.Option(help="why; stays with the finding")],
    client: Client = _CLIENT,
    legal_basis: Basis = "",
) -> None:
    """Accept a finding as an error to be mended, or dismiss it; showing it leaves entries."""
    with _worklist(client, legal_basis) as worklist:
        _print([worklist.settle(finding, _state(state), reason)])


@contextmanager
def _worklist(client: str, legal_basis: str) -> "Iterator[Worklist]":
    from sharing_api.consistency.worklist import Worklist

    opened = in_house.open_corridor(client, _PURPOSE, "worklist", legal_basis)
    with opened as (corridor, errand):
        yield Worklist(corridor, errand, in_house.now)


def _state(text: str) -> "State":
    from sharing_api.worklists.values import State

    return in_house.choose(State, text, "state")


def _meaning(rule: str) -> str:
    from sharing_api.consistency.rules import catalogue

    known = catalogue.BY_NAME.get(rule)
    return known.meaning if known is not None else "a rule of before"


def _print(several: "Sequence[Shown]") -> None:
    for shown in several:
        one = shown.finding
        print(
            f"{one.finding_id} {one.state.value} {one.rule} ({one.confidence.value}, "
            f"{one.steward}): {_meaning(one.rule)}{f' – {one.reason}' if one.reason else ''}"
        )
        for record, values in zip(one.records, shown.values, strict=True):
            told = json.dumps(values, ensure_ascii=False) if values else "no such record now"
            print(f"    {record.dataset} {record.key} at change {record.change}: {told}")
    print(f"findings shown: {len(several)}")
