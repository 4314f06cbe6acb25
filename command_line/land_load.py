"""The steward's command for land: `./natdb load land`, the 49-column form of the clean-up."""

import csv
import getpass
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from databases.loading import collecting

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from databases.changes.ledger import Act
    from databases.code_lists.catalogue import Catalogue
    from databases.loading.mapping import FileMapping
    from databases.loading.typed import Reject
    from land.values.forms import FormOutcome, FormRow

_MAPPING: Final = (
    Path(__file__).resolve().parent.parent / "land" / "mappings" / "clean_up_form.toml"
)
_PARCEL_REFUSED: Final = "form.parcel_refused"
_PARCEL_REFUSED_SAID: Final = "Another row of the same parcel was rejected."
_LINE, _FLAGS = "line", "flags"


@dataclass(frozen=True)
class Read:
    """The rows of a file: those understood, by parcel, and what was rejected of the others.

    Args:
        total: rows of the file.
        parcels: rows by name of the parcel, in the order of the file.
        rejects: problems by line.
    """

    total: int
    parcels: Mapping[str, Sequence["FormRow"]]
    rejects: list["Reject"]


def load_land(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or Parquet with the 49 columns")],
    mapping: Annotated[Path, typer.Option(help="how its columns are read")] = _MAPPING,
    out: Annotated[Path, typer.Option(help="folder of the accepted and rejects files")] = Path(),
) -> None:
    """Load the 49-column form: a first registration for each parcel, bad rows with reasons."""
    from databases import periods, sessions
    from databases.changes.ledger import Act
    from databases.code_lists import reading
    from databases.loading import mapping as mappings

    now = datetime.now(UTC)  # noqa: TID251 - the command line is the edge that reads the clock
    today = periods.day_in_vietnam(now)
    chosen = mappings.read_mapping(mapping)
    catalogue = reading.load_catalogue()
    found = read_form(file, chosen, catalogue, today)
    act = Act(
        name="land.form.loaded",
        recorded_at=now,
        recorded_by=f"steward {getpass.getuser()}",
        reason=chosen.title,
        legal_basis=chosen.legal_basis,
        source_document=file.name,
    )
    databases = sessions.open_databases("natdb load")
    with databases.writing("land") as session:
        outcomes = record(session, act, found, catalogue, today)
    databases.dispose()
    print(_report(file, out, found, outcomes))


@collecting.paused()
def read_form(file: Path, mapping: "FileMapping", catalogue: "Catalogue", on: date) -> Read:
    """Read a form; the rows of a parcel stand or fall together."""
    from databases import errors
    from databases.loading import mapping as mappings
    from databases.loading import readers, reference, typed
    from land import service

    table = readers.open_table(file, delimiter=mapping.delimiter)
    mappings.require_header(mapping, table.header)
    gathered = reference.gather(catalogue, on)
    total = 0
    rejects: list[Reject] = []
    parcels: dict[str, list[FormRow]] = defaultdict(list)
    spoiled: set[str] = set()
    for chunk in table.chunks:
        total += len(chunk)
        checked = typed.validate(chunk, table.header, mapping, gathered)
        rejects += checked.rejects
        for line, cells in _list_rows(checked.table):
            try:
                row = service.read_form_row(line, cells)
            except errors.RegisterError as refusal:
                problem = refusal.fields[0]
                value = cells.get(problem.field) or ""
                source = mapping.columns[problem.field].source[0]
                rejects.append(typed.Reject(line, source, value, problem.rule, problem.message))
                spoiled.add(service.name_parcel(cells))
            else:
                parcels[row.parcel_id].append(row)
    for name in spoiled & parcels.keys():
        rejects += [
            typed.Reject(row.line, "", "", _PARCEL_REFUSED, _PARCEL_REFUSED_SAID)
            for row in parcels.pop(name)
        ]
    return Read(total, parcels, rejects)


def _list_rows(table: Any) -> Iterator[tuple[int, dict[str, str]]]:
    """Give line and cells of each row of a table of pyarrow, empty cells left out."""
    from databases.loading import typed

    lines = table.column(typed.LINE).to_pylist()
    names = [name for name in table.column_names if name not in (typed.LINE, typed.FLAGS)]
    columns = [table.column(name).to_numpy().tolist() for name in names]
    for line, cells in zip(lines, zip(*columns, strict=True), strict=True):
        yield line, {name: cell for name, cell in zip(names, cells, strict=True) if cell}


@collecting.paused()
def record(
    session: "Session", act: "Act", found: Read, catalogue: "Catalogue", on: date
) -> list["FormOutcome"]:
    """Register the parcels of a form that the register does not hold yet."""
    from databases.code_lists import values as lists
    from land import service

    provinces = {
        commune.code: parent.code
        for commune in catalogue.list_codes(lists.COMMUNE, lists.SINCE_REFORM)
        if (parent := catalogue.find_parent(commune)) is not None
    }
    return service.load_form(
        session, act=act, parcels=found.parcels.values(), provinces=provinces, on=on
    )


def _report(file: Path, out: Path, found: Read, outcomes: Sequence["FormOutcome"]) -> str:
    """Write the accepted and the rejects file, and say what they hold."""
    from databases.loading import report, typed

    rejects, accepted = list(found.rejects), []
    for outcome in outcomes:
        for row in found.parcels[outcome.parcel_id]:
            if outcome.outcome == "refused":
                rejects.append(typed.Reject(row.line, "", "", outcome.rule, outcome.reason))
            else:
                noted = ";".join(row.flags)
                accepted.append((row.line, row.parcel_id, outcome.outcome, noted))
    rejected = len({reject.line for reject in rejects})
    report.require_nothing_lost(read=found.total, accepted=len(accepted), rejected=rejected)
    out.mkdir(parents=True, exist_ok=True)
    rules = report.write_rejects(out / f"{file.stem}.rejects.csv", [], rejects)
    with (out / f"{file.stem}.accepted.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow((_LINE, "parcel_id", "outcome", _FLAGS))
        writer.writerows(sorted(accepted))
    flags = Counter(flag for row in accepted for flag in row[3].split(";") if flag)
    parcels = Counter(outcome.outcome for outcome in outcomes)
    doubts = Counter(rule for outcome in outcomes for rule in outcome.warnings)
    lines = [
        f"{file.name}: {found.total} rows read = {len(accepted)} accepted + {rejected} rejected",
        f"parcels:  {_counts(parcels)}",
        f"flagged:  {_counts(flags)}",
        f"in doubt: {_counts(doubts)}",
        f"rejected: {_counts(rules)}",
        f"see {file.stem}.accepted.csv and {file.stem}.rejects.csv in {out.resolve()}",
    ]
    return "\n".join(lines)


def _counts(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{name} {total}" for name, total in ordered) or "none"
