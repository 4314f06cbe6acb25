"""The commands of links between registers: `./natdb match run | review | calibrate`."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from command_line import in_house, progress

if TYPE_CHECKING:
    from sharing_api.disclosure.corridor import Corridor
    from sharing_api.disclosure.in_house import Errand
    from sharing_api.links.calibrating import Verdict
    from sharing_api.links.reviewing import Reviewer
    from sharing_api.links.values import Link, Proposal, Shown, State

_CLIENT, _PURPOSE = "linking", "registers.linkage"
_GARBAGE_OBJECTS = 100_000  # pages of records are many objects and no cycles
_SEED = 714
_SIDES = ("left", "right")
Client = Annotated[str, typer.Option(help="system that works, with an agreement for linkage")]
Basis = Annotated[str, typer.Option(help="one of the agreement's legal bases")]
Officer = Annotated[str, typer.Option(help="who looks; the user of this machine if left out")]
Reason = Annotated[str, typer.Option(help="why; stays with the link")]
Number = Annotated[int, typer.Argument(metavar="ID", help="number of the link")]


def add_to(group: typer.Typer) -> None:
    """Add the commands to the group of record matching."""
    group.command("run")(run)
    review = typer.Typer(help="Look at links and decide them.", no_args_is_help=True)
    review.command("list")(list_links)
    for command in (show, accept, reject, undo):
        review.command(command.__name__)(command)
    group.add_typer(review, name="review")
    calibrate = typer.Typer(help="Set thresholds by labelled samples.", no_args_is_help=True)
    calibrate.command("draw")(draw)
    calibrate.command("read")(read)
    group.add_typer(calibrate, name="calibrate")


def run(
    comparison: Annotated[
        list[str] | None, typer.Option(help="such as land.person; all if left out")
    ] = None,
    model: Annotated[str, typer.Option(help="version of the likeness")] = "",
    client: Client = _CLIENT,
    legal_basis: Basis = "",
) -> None:
    """Link the registers: all of it the first time, then what changed; killed, it goes on."""
    import gc

    from sharing_api.links import sources
    from sharing_api.links.running import Linkage
    from sharing_api.matching import model as models

    gc.set_threshold(_GARBAGE_OBJECTS)
    wanted = [sources.get_comparison(name) for name in comparison or sources.BY_NAME]
    chosen = models.read_model(model or models.CURRENT)
    with (
        _corridor(client, legal_basis, "") as (corridor, errand),
        progress.show(progress.MATCHING) as say,
    ):
        linkage = Linkage(
            corridor,
            errand,
            in_house.now,
            chosen,
            corridor.databases.settings.home / "links",
            progress.count_workers(),
        )
        done = linkage.run(wanted, say)
        counts = linkage.count()
    print(f"run {done.run_id}: {done.records} records read, {done.links} links judged; they stand:")
    for name, state, number in counts:
        print(f"  {number:8} {state.value:10} {name}")


def list_links(
    comparison: Annotated[str, typer.Option(help="such as land.person")] = "",
    state: Annotated[str, typer.Option(help="such as review")] = "review",
    after: Annotated[int, typer.Option(min=0, help="number to go on behind")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=500, help="most links")] = 50,
    client: Client = _CLIENT,
    legal_basis: Basis = "",
) -> None:
    """List links with what speaks for them; whose they are is not shown."""
    from sharing_api.links.repository.links import Wanted

    wanted = Wanted(comparison or None, _state(state) if state else None)
    with _reviewer(client, legal_basis, "") as reviewer:
        found = reviewer.list(wanted, after=after, limit=limit)
    for one in found:
        print(_line(one))
        print("    " + ", ".join(f"{e.field} {e.level} {e.bits:+.1f}" for e in one.evidence))
    print(f"links listed: {len(found)}")


def show(
    link: Number, client: Client = _CLIENT, legal_basis: Basis = "", officer: Officer = ""
) -> None:
    """Show a link side by side; both records leave an entry in the log."""
    with _reviewer(client, legal_basis, officer) as reviewer:
        _print(reviewer.show(link))


def accept(
    link: Number,
    reason: Reason,
    officer: Officer = "",
    client: Client = _CLIENT,
    legal_basis: Basis = "",
) -> None:
    """Accept a link; two records of one person in one register take two officers."""
    _decide("accept", link, reason, officer, client, legal_basis)


def reject(
    link: Number,
    reason: Reason,
    officer: Officer = "",
    client: Client = _CLIENT,
    legal_basis: Basis = "",
) -> None:
    """Reject a link."""
    _decide("reject", link, reason, officer, client, legal_basis)


def undo(
    link: Number,
    reason: Reason,
    officer: Officer = "",
    client: Client = _CLIENT,
    legal_basis: Basis = "",
) -> None:
    """Take back a link that holds, or a rejection."""
    _decide("undo", link, reason, officer, client, legal_basis)


def read_proposal(link: int, surviving: str) -> "Proposal":
    """Give the merge that two officers accepted; both records leave an entry in the log."""
    with _reviewer(_CLIENT, "", "") as reviewer:
        return reviewer.propose(link, surviving)


def draw(
    comparison: Annotated[str, typer.Argument(help="such as land.person")],
    precision: Annotated[float, typer.Option(min=0.5, max=0.99999, help="asked for")] = 0.999,
    out: Annotated[Path, typer.Option(help="CSV to write")] = Path("sample.csv"),
    labels: Annotated[
        int, typer.Option(min=0, help="pairs to draw; as many as are needed if left out")
    ] = 0,
    seed: Annotated[int, typer.Option(help="draws the same pairs again")] = _SEED,
    client: Client = _CLIENT,
    legal_basis: Basis = "",
    officer: Officer = "",
) -> None:
    """Draw links of all weights for a person to label; each record leaves an entry in the log."""
    from sharing_api.links import sampling, sources
    from sharing_api.links.sampling import Sampler
    from sharing_api.matching import model as models

    chosen = models.read_model(models.CURRENT)
    with _corridor(client, legal_basis, officer) as (corridor, errand):
        sampler = Sampler(corridor, errand, in_house.now, chosen)
        wanted = labels or sampler.count_wanted(precision)
        drawn = list(sampler.draw(sources.get_comparison(comparison), wanted, seed))
    out.write_text(sampling.write_sample(drawn), encoding="utf-8")
    print(
        f"{len(drawn)} links drawn into {out} ({wanted} labels are needed if all are the same).\n"
        f"Write 1 (the same) or 0 into the last column; then: ./natdb match calibrate read {out}"
    )


def read(
    sample: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="labelled CSV")],
    precision: Annotated[float, typer.Option(min=0.5, max=0.99999, help="asked for")] = 0.999,
    client: Client = _CLIENT,
    legal_basis: Basis = "",
    officer: Officer = "",
) -> None:
    """Find the weight from which links are as precise as is asked for, and keep it."""
    from sharing_api.links.sampling import Sampler
    from sharing_api.matching import model as models

    chosen = models.read_model(models.CURRENT)
    with _corridor(client, legal_basis, officer) as (corridor, errand):
        name, verdict = Sampler(corridor, errand, in_house.now, chosen).read(
            sample.read_bytes(), precision
        )
    _print_verdict(name, verdict, precision)


def _decide(word: str, link: int, reason: str, officer: str, client: str, legal_basis: str) -> None:
    from sharing_api.links import errors
    from sharing_api.links.values import Verdict

    with _reviewer(client, legal_basis, officer) as reviewer:
        try:
            shown = reviewer.decide(link, Verdict(word), reason)
        except errors.RecordChanged as error:
            _print(error.shown)
            raise
    _print(shown)
    if shown.link.first_reviewer and word == "accept":
        print("It waits for a second officer.")


@contextmanager
def _corridor(client: str, legal_basis: str, officer: str) -> "Iterator[tuple[Corridor, Errand]]":
    import dataclasses

    opened = in_house.open_corridor(client, _PURPOSE, "match links", legal_basis)
    with opened as (corridor, errand):
        yield corridor, dataclasses.replace(errand, officer=officer or getpass.getuser())


@contextmanager
def _reviewer(client: str, legal_basis: str, officer: str) -> "Iterator[Reviewer]":
    from sharing_api.links.reviewing import Reviewer

    with _corridor(client, legal_basis, officer) as (corridor, errand):
        yield Reviewer(corridor, errand, in_house.now)


def _state(text: str) -> "State":
    from sharing_api.links.values import State

    try:
        return State(text)
    except ValueError as error:
        known = ", ".join(one.value for one in State)
        raise typer.BadParameter(f"there is no state {text}; known are: {known}") from error


def _line(one: "Link") -> str:
    waiting = f", accepted by {one.first_reviewer}" if one.first_reviewer else ""
    reason = f" – {one.reason}" if one.reason else ""
    return (
        f"{one.link_id} {one.state.value} {one.comparison} {one.weight:.1f} bits "
        f"(probability {one.probability:.4f}){waiting}{reason}"
    )


def _print(shown: "Shown") -> None:
    link = shown.link
    print(_line(link))
    for name, side, key, part in zip(
        _SIDES, (link.left, link.right), shown.keys, shown.parts, strict=True
    ):
        whose = f", {part}" if part else ""
        print(f"  {name:5} {side.dataset} {key}{whose} at change {side.change}")
    _print_fields(shown)
    if shown.kin:
        print("  kin: " + ", ".join(f"{one['role']} {one['name']}" for one in shown.kin))
    _print_changes(shown)
    for event in shown.history:
        print(
            f"  {event.at:%Y-%m-%d %H:%M} {event.from_state or 'new'} → {event.to_state} by "
            f"{event.officer}: {event.reason} (changes {event.left_change}, {event.right_change})"
        )


def _print_fields(shown: "Shown") -> None:
    from sharing_api.links import differences

    evidence = {one.field: f"{one.level} {one.bits:+.1f}" for one in shown.link.evidence}
    left, right = shown.fields
    for name in dict.fromkeys((*left, *right)):
        one, other = differences.mark_closest(left.get(name, ()), right.get(name, ()))
        print(f"  {name}: {one or '–'} | {other or '–'}   {evidence.pop(name, '')}".rstrip())
    for name, said in evidence.items():
        print(f"  {name}: {said}")


def _print_changes(shown: "Shown") -> None:
    for name in shown.gone:
        print(f"  {name}: there is no such record now")
    for name, changes in zip(_SIDES, shown.changed, strict=True):
        if changes is None:
            print(f"  {name}: says something else than when it was compared")
        for field, (was, now) in (changes or {}).items():
            told = (", ".join(texts) or "–" for texts in (was, now))
            print(f"  {name} changed: {field} was {', is '.join(told)}")


def _print_verdict(name: str, verdict: "Verdict", precision: float) -> None:
    for one in verdict.tried:
        print(
            f"  from {one.weight:6.1f} bits: {one.same} of {one.labelled} labelled are the same, "
            f"{one.links} links; precision at least {one.bound:.5f}"
        )
    chosen = verdict.chosen
    if chosen is not None:
        print(
            f"{name}: links from {chosen.weight:.1f} bits on reach {precision}; the next run makes "
            f"them automatic."
        )
        return
    print(f"{name}: no threshold reaches {precision} with these labels; the old one stays.")
    if verdict.missing is not None:
        print(f"At least {verdict.missing} more labels are needed, all of them the same.")
