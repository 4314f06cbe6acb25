"""The commands of record matching: `./natdb match`."""

import getpass
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from command_line import clients, in_house, links, progress

if TYPE_CHECKING:
    from sharing_api.matching.engines import Engine
    from sharing_api.matching.files.matched import Matched
    from sharing_api.matching.files.registers import Register

_CLIENT, _PURPOSE = "matching", "registers.linkage"


def register(app: typer.Typer) -> None:
    """Add the commands of record matching."""
    group = typer.Typer(help="Find out which records are the same.", no_args_is_help=True)
    group.command("file")(match_file)
    links.add_to(group)
    group.command("index")(index)
    group.command("candidates")(candidates)
    app.add_typer(group, name="match")


def match_file(
    left: Annotated[Path, typer.Argument(help="CSV, XLSX or Parquet")],
    right: Annotated[
        Path | None, typer.Argument(help="another file to link it with; else duplicates are found")
    ] = None,
    against: Annotated[
        str, typer.Option(help="register to link it with: population or enterprise")
    ] = "",
    mapping: Annotated[
        Path, typer.Option(help="TOML file that says which column is which field")
    ] = Path("mapping.toml"),
    out: Annotated[Path, typer.Option(help="folder for pairs, clusters and report")] = Path(
        "matched"
    ),
    labels: Annotated[
        Path | None, typer.Option(help="CSV of labelled pairs: left, right, same (1 or 0)")
    ] = None,
    model: Annotated[str, typer.Option(help="version of the likeness")] = "",
    engine: Annotated[
        str, typer.Option(help="local: this machine's memory; spark: for what it does not hold")
    ] = "local",
    spark_master: Annotated[
        str, typer.Option(help="address of a Spark cluster; else processes of this machine")
    ] = "",
) -> None:
    """Link two files, or find duplicates in one; nothing needs to be known beforehand.

    Against a register, each person or enterprise that is shown leaves an entry in the log. Killed
    in the middle, the same command goes on where it was.
    """
    from sharing_api.matching import model as models
    from sharing_api.matching.files import mapping as mappings
    from sharing_api.matching.files import run

    if against and right is not None:
        raise typer.BadParameter("name a file or a register, not both", param_hint="--against")
    with _register(against) as register_, progress.show(progress.MATCHING) as say:
        job = run.Job(
            left=left,
            right=register_ or right,
            mapping=mappings.read_mapping(mapping),
            folder=out,
            model_version=model or models.CURRENT,
            engine=_engine(engine, spark_master),
            labels=labels,
        )
        done = run.match(job, say)
    print(_sentences(done, out))


def index(
    dataset: Annotated[
        str, typer.Option(help="register/dataset, such as population/citizen; all if left out")
    ] = "",
) -> None:
    """Bring the search indexes up to date; `./natdb up` keeps them so by itself."""
    from databases import periods
    from sharing_api.disclosure.in_house import Desk
    from sharing_api.matching import model as models
    from sharing_api.matching.index import sources
    from sharing_api.matching.index.filling import Filler
    from sharing_api.matching.index.keeping import Keeper

    if dataset and dataset not in sources.MATCHED:
        known = ", ".join(sources.MATCHED)
        raise typer.BadParameter(f"known are {known}", param_hint="--dataset")
    with (
        in_house.open_corridor(_CLIENT, _PURPOSE, "index") as (corridor, errand),
        progress.show(progress.MATCHING) as say,
    ):
        keeper, desk = Keeper(corridor.subject_key), Desk(corridor, in_house.now)
        filler = Filler(desk, corridor.databases, keeper, errand, models.read_model())
        today = periods.day_in_vietnam(in_house.now())
        for name in [dataset] if dataset else sources.MATCHED:
            read = filler.update(name, today, lambda step, done: say(step, done, 0))
            print(f"{name}: {read:,} records read")


def candidates(
    given: Annotated[
        list[str], typer.Argument(help="what is known, field=value, such as full_name=…")
    ],
    fields: Annotated[str, typer.Option(help="fields wanted, parted by commas")],
    purpose: Annotated[str, typer.Option(help="one of the agreement's purposes")],
    subject: Annotated[str, typer.Option(help="person or enterprise")] = "person",
    limit: Annotated[int, typer.Option(min=1, max=20, help="most candidates")] = 5,
    legal_basis: Annotated[str, typer.Option(help="one of the agreement's legal bases")] = "",
    case: Annotated[str, typer.Option(help="number of the case")] = "",
    client: Annotated[str, typer.Option(help="system that asks")] = clients.USUAL,
    address: Annotated[str, typer.Option(help="address of the exchange")] = "",
) -> None:
    """Ask the exchange who may be meant by what is known; each who is shown leaves an entry."""
    from sharing_api import bootstrap
    from sharing_api.client import ExchangeRefused

    parts = [one.partition("=") for one in given]
    if not all(sign and name for name, sign, _ in parts):
        raise typer.BadParameter("write each as field=value", param_hint="GIVEN")
    question = {
        "subject": subject,
        "given": {name: value for name, _, value in parts},
        "fields": [name.strip() for name in fields.split(",") if name.strip()],
        "limit": limit,
        "purpose": purpose,
        "legal_basis": legal_basis or bootstrap.usual_legal_basis(client),
        "case": case,
        "officer": getpass.getuser(),
    }
    exchange = clients.open_client(client, address)
    answer = exchange.find_candidates({name: one for name, one in question.items() if one})
    if answer.status != 200:
        raise ExchangeRefused(answer)
    for candidate in answer.document["candidates"]:
        print(_candidate(candidate))
    print(f"candidates: {answer.document['count']}; index at {answer.document['index_change']}")


def _candidate(candidate: dict[str, Any]) -> str:
    reasons = ", ".join(
        f"{one['field']} {one['level']} {one['bits']:+.1f}" for one in candidate["likeness"]
    )
    record = json.dumps(candidate["record"], ensure_ascii=False)
    return (
        f"{candidate['probability']:.4f} ({candidate['weight']:+.1f} bits: {reasons})\n  {record}"
    )


@contextmanager
def _register(name: str) -> "Iterator[Register | None]":
    """Open a register behind the corridor; none where none is named."""
    if not name:
        yield None
        return
    from databases import periods
    from sharing_api.disclosure.in_house import Desk
    from sharing_api.matching.files.registers import SOURCES, Register

    if name not in SOURCES:
        raise typer.BadParameter(f"known are {', '.join(SOURCES)}", param_hint="--against")
    with in_house.open_corridor(_CLIENT, _PURPOSE, "match file") as (corridor, errand):
        today = periods.day_in_vietnam(in_house.now())
        yield Register(name, Desk(corridor, in_house.now), errand, today)


def _engine(name: str, master: str) -> "Engine":
    """Choose who does the work.

    Raises:
        typer.BadParameter: there is no engine of the name, or only Spark has a master.
    """
    from sharing_api.matching.engines import Local
    from sharing_api.matching.spark.engine import Spark

    if name == "spark":
        return Spark(master or f"local[{progress.count_cores()}]")
    if name != "local":
        raise typer.BadParameter("known are local and spark", param_hint="--engine")
    if master:
        raise typer.BadParameter("only --engine spark has one", param_hint="--spark-master")
    return Local(progress.count_workers())


def _sentences(done: "Matched", out: Path) -> str:
    summary: dict[str, Any] = done.summary
    sizes = " and ".join(
        f"{name} {count:,}"
        for name, count in zip(summary["files"], summary["records"], strict=True)
    )
    lines = [
        f"records:   {sizes}"
        + (f"; {summary['rejected']:,} rows could not be read" if summary["rejected"] else ""),
        f"fields:    {', '.join(f'{name} ({kind})' for name, kind in summary['fields'].items())}",
        f"compared:  {summary['compared']:,} pairs; "
        f"about {summary['expected_pairs']:,.0f} are true",
        f"the same:  {summary['pairs']:,} pairs, {summary['automatic']:,} of them without a look; "
        f"{summary['to_review']:,} to be reviewed",
        f"groups:    {summary['groups']:,} of several records, "
        f"the largest of {summary['largest_group']:,}",
    ]
    if done.labelled is not None:
        lines.append(
            f"labelled:  precision {done.labelled.precision:.4f}, "
            f"recall {done.labelled.recall:.4f} of {done.labelled.true:,} that are the same"
        )
    if done.judged is not None:
        for at, score in done.judged.thresholds.items():
            lines.append(
                f"quality:   pairs from probability {at}: precision {score.precision:.4f}, "
                f"recall {score.recall:.4f}, F1 {score.f1:.4f}"
            )
        at, best = done.judged.best
        lines.append(f"           the best, seen afterwards: from {at:.4f}, F1 {best.f1:.4f}")
        link = done.model.decision.link
        for name, apart in done.judged_apart.items():
            score = apart.thresholds[link]
            lines.append(
                f"           {name}: precision {score.precision:.4f}, "
                f"recall {score.recall:.4f}, F1 {score.f1:.4f}"
            )
        groups = done.judged.groups
        lines.append(
            f"           groups: precision {groups.precision:.4f}, recall {groups.recall:.4f}, "
            f"F1 {groups.f1:.4f}"
        )
    return "\n".join([*lines, f"see {out / 'report.html'}, pairs.parquet and clusters.parquet"])
