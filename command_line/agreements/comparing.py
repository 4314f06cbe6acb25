"""What a version would change: in words, and in the questions of the log, before it is signed."""

import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from command_line.agreements.acts import For
from command_line.agreements.opening import Opened, exchange

if TYPE_CHECKING:
    from sharing_api.simulation.replay import Change, Outcome

_SPAN = re.compile(r"([1-9][0-9]{0,4})(h|d|w)")
_HOURS = {"h": 1, "d": 24, "w": 168}


def register(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("diff")(diff)
    group.command("simulate")(simulate)


def diff(
    old: Annotated[str, typer.Argument(help="file, or hash or its beginning")],
    new: Annotated[str, typer.Argument(help="file, or hash or its beginning")],
) -> None:
    """Say in words what a version grants that another does not, and the other way round."""
    from sharing_api.agreements.life import difference
    from sharing_api.simulation import service

    with exchange() as opened:
        before, after = _content(opened, old), _content(opened, new)
    _print_differences(difference.compare(before, after, service.title_vi))


def simulate(
    file: Annotated[Path, typer.Argument(help="the new version as JSON, in whatever form")],
    agency: For,
    against: Annotated[str, typer.Option(help="how far back, such as 30d, 12h, 4w")] = "30d",
) -> None:
    """Replay the questions of the log under a version that nobody has signed yet."""
    from sharing_api import app
    from sharing_api.agreements import documents
    from sharing_api.agreements.life import reading
    from sharing_api.disclosure import drafts
    from sharing_api.simulation import service

    span = _SPAN.fullmatch(against)
    if span is None:
        raise typer.BadParameter("write a number and h, d or w, such as 30d")
    document = documents.canonical(reading.read_json(file.read_bytes()))
    with exchange() as opened:
        found = service.simulate(
            opened.session,
            document,
            agency=agency,
            since=timedelta(hours=int(span[1]) * _HOURS[span[2]]),
            now=opened.now,
            check=drafts.find_problems,
            vintages=app.province_vintages,
        )
    than = f"version {found.before}" if found.before else "nothing: it is the first to stand"
    print(f"Compared with {than}:")
    _print_differences(found.differences)
    _print_outcome(found.outcome, against)


def _content(opened: Opened, wanted: str) -> Any:
    from sharing_api.agreements.life import reading

    path = Path(wanted)
    return reading.read_json(path.read_bytes()) if path.is_file() else opened.find(wanted).content


def _print_differences(differences: Iterable[Any]) -> None:
    several = list(differences)
    for one in several:
        print(f"  {one.sentence}")
    print(f"{len(several)} differences.")


def _print_outcome(outcome: "Outcome", against: str) -> None:
    print(
        f"\n{outcome.questions} questions of the last {against} ({outcome.entries} entries, "
        f"{outcome.groups} kinds): {outcome.same} would be treated as they were."
    )
    for title, changes in (
        ("Answered then, refused under the new version", outcome.stopped),
        ("Refused then, answered under the new version", outcome.started),
        ("Answered in another format", outcome.altered),
    ):
        _print_changes(title, changes.values())
    print(f"Persons lost: {outcome.persons_lost}; persons gained: {outcome.persons_gained}.")
    print(
        f"Of {outcome.untold} questions the log does not keep what was asked. Who would lie "
        "outside of another territory or part of the population is not in the log, and not counted."
    )


def _print_changes(title: str, changes: "Iterable[Change]") -> None:
    several = sorted(changes, key=lambda one: (-one.questions, one.dataset, one.reason))
    print(f"{title}: {sum(one.questions for one in several)} questions")
    for one in several:
        tags = ", ".join(tag[:16] for tag in one.examples) or "nobody was named"
        print(
            f"  {one.questions:8} {one.operation} {one.dataset}: {one.reason}; "
            f"{len(one.persons)} persons, such as {tags}"
        )
