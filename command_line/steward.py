"""The steward's commands: `./natdb load`, files into registers and code lists."""

import getpass
import sys
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from command_line import land_load, land_shapes, progress

if TYPE_CHECKING:
    from databases.loading.mapping import FileMapping
    from databases.loading.report import Summary
    from databases.loading.targets import Target
    from databases.sessions import Databases

_ROOT: Final = Path(__file__).resolve().parent.parent
_ENTERPRISE_MAPPING: Final = _ROOT / "enterprise" / "mappings" / "public_provincial_list.toml"
_INSURANCE_MAPPINGS: Final = _ROOT / "insurance" / "mappings"
_FINANCE_MAPPING: Final = _ROOT / "finance" / "mappings" / "journal_lines.toml"
_LARGE_FILE: Final = 20_000_000
_LARGE_WITH_ADDRESSES: Final = 8_000_000  # resolving one costs more than all else of a row
_STEPS: Final = {
    "fingerprint": "reading the file",
    "validating": "checking rows",
    "staging": "staging chunks",
    "comparing": "comparing with the register",
    "recording": "recording the change",
}


class InsuranceFile(StrEnum):
    """What a file of the insurance register holds, by the name of its mapping."""

    SPELLS = "spells"
    CONTRIBUTIONS = "contributions"


def register(app: typer.Typer) -> None:
    """Add the commands of a steward."""
    group = typer.Typer(help="Load a file into a register or a code list.", no_args_is_help=True)
    group.command("enterprise")(load_enterprise)
    group.command("insurance")(load_insurance)
    group.command("land")(land_load.load_land)
    group.command("parcels")(land_shapes.load_parcels)
    group.command("finance")(load_finance)
    group.command("code-list")(load_code_list)
    app.add_typer(group, name="load")


def load_enterprise(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or Parquet")],
    mapping: Annotated[Path, typer.Option(help="how its columns are read")] = _ENTERPRISE_MAPPING,
    out: Annotated[Path, typer.Option(help="folder of the accepted and rejects files")] = Path(),
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="day from which values that differ hold; without it such rows are refused",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the summary as JSON")] = False,
) -> None:
    """Load a list of enterprises: good rows in one change, bad rows named with their reasons."""
    _load(enterprise_target(), file, mapping, out, as_of, as_json=as_json)


def load_insurance(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or Parquet")],
    kind: Annotated[
        InsuranceFile, typer.Option(help="what a row is: a spell, or contribution months")
    ] = InsuranceFile.SPELLS,
    mapping: Annotated[
        Path | None, typer.Option(help="how its columns are read, if not as the suite's own file")
    ] = None,
    out: Annotated[Path, typer.Option(help="folder of the accepted and rejects files")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="print the summary as JSON")] = False,
) -> None:
    """Load spells or contribution months: good rows in one change, bad rows named with reasons."""
    own = _INSURANCE_MAPPINGS / f"{kind.value}.toml"
    _load(insurance_target(kind), file, mapping or own, out, None, as_json=as_json)


def load_finance(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or Parquet")],
    mapping: Annotated[Path, typer.Option(help="how its columns are read")] = _FINANCE_MAPPING,
    out: Annotated[Path, typer.Option(help="folder of the accepted and rejects files")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="print the summary as JSON")] = False,
) -> None:
    """Load journal lines of the treasury: good entries in one change, bad rows with reasons."""
    _load(finance_target(), file, mapping, out, None, as_json=as_json)


def _load(
    target: "Target",
    file: Path,
    mapping: Path,
    out: Path,
    as_of: datetime | None,
    *,
    as_json: bool,
) -> None:
    from databases import periods, sessions
    from databases.loading import mapping as mappings
    from databases.loading import run

    now = datetime.now(UTC)  # noqa: TID251 - the command line is the edge that reads the clock
    today = periods.day_in_vietnam(now)
    if as_of is not None and as_of.date() > today:
        raise typer.BadParameter("the day has not been yet", param_hint="--as-of")
    chosen = mappings.read_mapping(mapping)
    databases = sessions.open_databases("natdb load")
    job = run.Job(
        source=file,
        mapping=chosen,
        folder=out,
        on=today,
        as_of=as_of.date() if as_of else None,
        recorded_at=now,
        recorded_by=f"steward {getpass.getuser()}",
        workers=count_workers(file, chosen),
    )
    with progress.show(_STEPS) as say:
        summary = run.load(
            lambda: databases.writing(target.register),
            target,
            job,
            _reference(databases, target.register, today),
            say,
        )
    databases.dispose()
    print(summary.as_json() if as_json else _sentences(file, summary))
    raise typer.Exit(0 if summary.accepted or not summary.read else 1)


def enterprise_target() -> "Target":
    """Describe how the enterprise register takes staged rows."""
    from databases.loading import targets
    from enterprise import service

    return targets.Target(
        register="enterprise",
        act="enterprise.list.loaded",
        key="enterprise_code",
        staging_columns=service.STAGING_COLUMNS,
        merge=lambda session, table, on, act: (
            service.load_staged(session, act=act, staging_table=table, on=on).change
        ),
    )


def insurance_target(kind: InsuranceFile) -> "Target":
    """Describe how the insurance register takes staged rows of a kind."""
    from databases.loading import targets
    from insurance import service, values

    loaded = values.LoadedKind(kind.value.removesuffix("s"))
    return targets.Target(
        register="insurance",
        act=f"insurance.{kind.value}.loaded",
        key="record_id",
        staging_columns=service.STAGING_COLUMNS[loaded],
        merge=lambda session, table, on, act: (
            service.load_staged(session, act=act, kind=loaded, staging_table=table).change
        ),
        refusals=service.REFUSALS,
    )


def finance_target() -> "Target":
    """Describe how the finance register takes staged journal lines."""
    from databases.loading import targets
    from finance import service

    return targets.Target(
        register="finance",
        act="finance.execution.loaded",
        key="line_id",
        staging_columns=service.STAGING_COLUMNS,
        merge=lambda session, table, on, act: (
            service.load_staged(session, act=act, staging_table=table, on=on).change
        ),
        refusals=service.REFUSALS,
    )


def load_code_list(
    name: Annotated[str, typer.Argument(metavar="LIST", help="such as vsic")],
    version: Annotated[str, typer.Argument(help="such as 36/2025")],
    file: Annotated[Path, typer.Argument(help="CSV with code, name and maybe level, parent")],
) -> None:
    """Load further codes of a list into every register; a second run changes nothing."""
    from databases import sessions, settings
    from databases.code_lists import reading, repository
    from databases.loading import installed

    codes = reading.read_code_file(file, name, version)
    catalogue = reading.load_catalogue()
    known = {code.code for code in catalogue.list_codes(name, version)}
    further = [code for code in codes if code.code not in known]
    extended = catalogue.with_codes(further, reading.describe_code_file(file))
    databases = sessions.open_databases("natdb load")
    print(
        f"{file.name}: {len(codes)} codes of {name} {version}, {len(further)} not in the package."
    )
    described = repository.describe(extended)
    nothing_new = repository.Counts(0, 0, 0, len(extended.list_codes()))
    for database in settings.REGISTERS:
        tables = installed.code_tables(database)
        with databases.writing(database) as session:
            if repository.is_installed(session, described, code_tables=tables):
                done = nothing_new
            else:
                done = repository.install(session, extended, code_tables=tables).codes
        print(
            f"{database}: {done.added} added, {done.changed} changed, {done.withdrawn} withdrawn, "
            f"{done.unchanged} unchanged"
        )
    databases.dispose()


def count_workers(file: Path, mapping: "FileMapping") -> int:
    """Spread the checking of a large file over two processes; a small one is done sooner in one."""
    has_addresses = any(column.kind == "address" for column in mapping.columns.values())
    largest = _LARGE_WITH_ADDRESSES if has_addresses else _LARGE_FILE
    is_large = file.is_file() and file.stat().st_size > largest
    return 2 if is_large and sys.platform == "linux" else 0


def _reference(databases: "Databases", register: str, on: date) -> Any:
    from databases.code_lists import reading
    from databases.loading import installed, reference

    with databases.reading(register) as session:
        further = installed.list_codes(session, installed.code_tables(register).code)
    return reference.gather(reading.load_catalogue(), on, further)


def _sentences(file: Path, summary: "Summary") -> str:
    change = "nothing new: no change was recorded"
    lines = [
        f"{file.name}: {summary.read} rows read = {summary.accepted} accepted + "
        f"{summary.rejected} rejected; "
        + (change if summary.change is None else f"recorded as change {summary.change}"),
        "accepted: " + (_counts(summary.outcomes) or "none"),
    ]
    if summary.flags:
        lines.append(f"flagged:  {summary.flagged} rows to look at: {_counts(summary.flags)}")
    if summary.rules:
        lines.append(f"rejected: {_counts(summary.rules)}")
    if summary.unread_columns:
        lines.append(f"columns that nothing was read from: {', '.join(summary.unread_columns)}")
    if summary.resumed:
        lines.append(f"{summary.resumed} chunks had been checked by an earlier run")
    return "\n".join([*lines, f"see {summary.accepted_file} and {summary.rejects_file}"])


def _counts(counts: Any) -> str:
    return ", ".join(f"{name} {total}" for name, total in counts.items())
