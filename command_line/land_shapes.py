"""The steward's command for parcels of a test zone: `./natdb load parcels`, shapes from GeoJSON.

Parcels of any country keep their form and size and are laid into a zone of VN-2000, so that the
register's checks of topology can be tried on real shapes. No holder comes with them.
"""

import csv
import getpass
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from command_line import progress
from databases.loading import collecting

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from command_line.land_layout import Ground, Laid
    from databases.changes.ledger import Act
    from databases.errors import RegisterError
    from land import values

_ZONE: Final = 5897
_EAST, _NORTH = 646_000, 2_201_000  # at sea: the sample country has no parcels there
_COMMUNE, _PROVINCE, _VERSION = "00008", "01", "19/2025"


@dataclass(frozen=True)
class Outcome:
    """What became of a shape.

    Args:
        line: of the file.
        problems: rule and sentence of what it was refused for; empty where the register has it.
        shapes: the land in question, as GeoJSON in the zone.
        is_new: False where the register held it before.
    """

    line: int
    parcel_id: str
    problems: tuple[tuple[str, str], ...] = ()
    shapes: tuple[Any, ...] = ()
    is_new: bool = True


def load_parcels(
    file: Annotated[Path, typer.Argument(help="GeoJSON, a feature on each line, WGS 84 degrees")],
    zone: Annotated[int, typer.Option(help="EPSG code of the zone they are laid into")] = _ZONE,
    east: Annotated[int, typer.Option(help="where their middle goes, metres")] = _EAST,
    north: Annotated[int, typer.Option(help="where their middle goes, metres")] = _NORTH,
    commune: Annotated[str, typer.Option(help="commune since the reform")] = _COMMUNE,
    accuracy: Annotated[float, typer.Option(help="mean error of a boundary point, metres")] = 0.1,
    out: Annotated[Path, typer.Option(help="folder of the list of conflicts")] = Path(),
) -> None:
    """Register shapes as parcels of a test zone; overlaps are listed, and refused.

    Shapes that the register holds from an earlier load of the file are left as they are.
    """
    from command_line.land_layout import Ground, lay_out_file
    from databases import periods, sessions
    from databases.changes.ledger import Act

    now = datetime.now(UTC)  # noqa: TID251 - the command line is the edge that reads the clock
    ground = Ground(zone, (east, north), commune, accuracy)
    parcels = lay_out_file(file, ground, progress.count_workers())
    act = Act(
        name="land.test_zone.loaded",
        recorded_at=now,
        recorded_by=f"steward {getpass.getuser()}",
        reason="shapes of a test zone",
        legal_basis="none: a test zone",
        source_document=file.name,
    )
    databases = sessions.open_databases("natdb load")
    with databases.writing("land") as session:
        outcomes = register(session, act, parcels, ground, on=periods.day_in_vietnam(now))
    databases.dispose()
    print(_report(file, out, outcomes))
    print(_report_overlaps(file, out, list_overlaps(parcels, ground)))


@collecting.paused()
def register(
    session: "Session", act: "Act", laid: "Sequence[Laid]", ground: "Ground", *, on: date
) -> list[Outcome]:
    """Register parcels in one change, each once; one that is refused leaves no trace."""
    from land import service

    loaded = service.load_sheet(session, act=act, sheet=_sheet(laid, ground), on=on)
    return [
        Outcome(line, one.parcel_id, is_new=found.outcome == "inserted")
        if found.refusal is None
        else _refused(line, one, found.refusal)
        for line, (one, found) in enumerate(zip(laid, loaded, strict=True), start=1)
    ]


def _refused(line: int, one: "Laid", refusal: "RegisterError") -> Outcome:
    said = tuple((problem.rule, problem.message) for problem in refusal.fields)
    shapes = tuple(json.loads(text) for text in getattr(refusal, "shapes", ()))
    return Outcome(line, one.parcel_id, said or ((refusal.code, refusal.message),), shapes)


def list_overlaps(laid: "Sequence[Laid]", ground: "Ground") -> "Sequence[values.Overlap]":
    """List the land that two parcels of the file claim, whether the register takes them or not."""
    from databases import errors
    from land import service

    sheet = _sheet(laid, ground)
    shapes = service.read_shapes(sheet.placed, srid=sheet.survey.srid, given=sheet.given)
    # What is no boundary was refused as such.
    return service.list_overlaps(
        [
            sheet.make_parcel(place, shape)
            for place, shape in enumerate(shapes)
            if not isinstance(shape, errors.RegisterError)
        ]
    )


def _sheet(laid: "Sequence[Laid]", ground: "Ground") -> "values.Sheet":
    import numpy as np

    from land import values

    placed = np.empty(len(laid), dtype=object)
    placed[:] = [one.geometry for one in laid]
    return values.Sheet(
        commune_code=ground.commune,
        commune_version=_VERSION,
        province_code=_PROVINCE,
        survey=values.Survey(srid=ground.zone, accuracy_m=Decimal(str(ground.accuracy_m))),
        parcel_ids=[one.parcel_id for one in laid],
        areas_m2=[one.area_m2 for one in laid],
        placed=placed,
        given=[one.given for one in laid],
    )


def _report(file: Path, out: Path, outcomes: Sequence[Outcome]) -> str:
    """Write the refusals with the land in question, and say how many there are."""
    from collections import Counter

    out.mkdir(parents=True, exist_ok=True)
    target = out / f"{file.stem}.conflicts.jsonl"
    refused = [one for one in outcomes if one.problems]
    with target.open("w", encoding="utf-8") as lines:
        for one in refused:
            said = [{"rule": rule, "reason": reason} for rule, reason in one.problems]
            entry = {
                "line": one.line,
                "parcel_id": one.parcel_id,
                "problems": said,
                "shapes": one.shapes,
            }
            lines.write(json.dumps(entry, ensure_ascii=False, default=str) + "\n")
    rules = Counter(rule for one in refused for rule, _ in one.problems)
    counts = ", ".join(f"{rule} {total}" for rule, total in rules.most_common()) or "none"
    new = sum(one.is_new and not one.problems for one in outcomes)
    held = len(outcomes) - new - len(refused)
    ending = "" if new else "; nothing new: no change was recorded"
    return (
        f"{file.name}: {len(outcomes)} shapes = {new} registered + {held} unchanged + "
        f"{len(refused)} refused{ending}\nrefused: {counts}\nsee {target}"
    )


def _report_overlaps(file: Path, out: Path, found: "Sequence[values.Overlap]") -> str:
    """Write the pairs that claim the same land, the largest first, and say how many there are."""
    target = out / f"{file.stem}.overlaps.csv"
    ordered = sorted(found, key=lambda one: (-one.area_m2, one.parcel_id, one.other_id))
    with target.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(("parcel_id", "other_id", "area_m2"))
        writer.writerows((one.parcel_id, one.other_id, one.area_m2) for one in ordered)
    above = sum(one.area_m2 > 1 for one in found)
    largest = f", the largest {ordered[0].area_m2} m²" if ordered else ""
    return (
        f"overlaps: {len(found)} pairs claim the same land beyond what their surveys can tell, "
        f"{above} of them more than 1 m²{largest}\nsee {target}"
    )
