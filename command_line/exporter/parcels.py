"""Parcels as a file for the tools of maps: GML 3.2 or GeoPackage, asked for page by page.

GML 3.3 (ISO 19136-2) is not written. GDAL's driver, the one library at hand that writes GML, knows
2, 3.1 and 3.2; and what 3.3 adds (compact forms of triangles and the like, linear referencing,
grids, time) extends 3.2 in namespaces of its own and changes nothing of how a polygon is written.
"""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sharing_api.client import ExchangeClient

_DEFAULT_CLIENT, _DEFAULT_PURPOSE = "land-map", "land.map"
_DATASET = "land/parcel"
_COLLECTION = "parcels"
_KEY, _SHAPE = "parcel_id", "shape"
_FIELDS = "parcel_id,map_sheet_no,parcel_no,legal_area,shape"
_FIRST = "0"  # comes before every id
_VN_2000 = 4756

Record = Mapping[str, Any]


class Form(StrEnum):
    """What file is written."""

    GML = "gml"
    GPKG = "gpkg"


_DRIVERS: Mapping[Form, Mapping[str, Any]] = {
    Form.GML: {"driver": "GML", "dataset_options": {"FORMAT": "GML3.2"}},
    Form.GPKG: {"driver": "GPKG"},
}


def export_land(
    file_format: Annotated[Form, typer.Option("--format", help="form of the file")] = Form.GPKG,
    collection: Annotated[str, typer.Option(help="what is exported")] = _COLLECTION,
    out: Annotated[Path, typer.Option(help="folder of the file and its receipts")] = Path("land"),
    zone: Annotated[int, typer.Option(help="EPSG code of VN-2000 or one of its zones")] = _VN_2000,
    box: Annotated[str, typer.Option(help="west,south,east,north in WGS 84")] = "",
    fields: Annotated[str, typer.Option(help="fields wanted, parted by commas")] = _FIELDS,
    valid_on: Annotated[str, typer.Option(help="day, YYYY-MM-DD; today if left out")] = "",
    purpose: Annotated[str, typer.Option(help="purpose in the agreement")] = _DEFAULT_PURPOSE,
    legal_basis: Annotated[str, typer.Option(help="one of the agreement's legal bases")] = "",
    client: Annotated[str, typer.Option(help="system that asks")] = _DEFAULT_CLIENT,
    address: Annotated[str, typer.Option(help="address of the exchange")] = "",
) -> None:
    """Export parcels as GML 3.2 or GeoPackage, with the receipts of the answers."""
    from command_line import clients
    from command_line.exporter import pages

    if collection != _COLLECTION:
        raise typer.BadParameter(f"there is one collection: {_COLLECTION}")
    question = pages.make_question(
        client=client, purpose=purpose, legal_basis=legal_basis, valid_on=valid_on
    )
    question["fields"] = [name.strip() for name in fields.split(",") if name.strip()]
    predicates = {"bbox": box} if box else {}
    exchange = clients.open_client(client, address)
    file = out / f"{_COLLECTION}.{file_format}"
    count = export_parcels(exchange, question, predicates, file, zone)
    print(f"{count} parcels in {file}, EPSG:{zone}; receipts in {out / 'receipts'}")


def export_parcels(
    exchange: "ExchangeClient",
    question: Mapping[str, Any],
    predicates: Mapping[str, Any],
    file: Path,
    zone: int,
) -> int:
    """Read parcels page by page, all of one state, and write them to a file.

    Args:
        exchange: asks in the name of a system whose agreement allows it.
        question: fields, purpose, legal basis and who asks.
        predicates: which parcels.
        file: its ending says the form; the receipts go to the folder beside it.
        zone: EPSG code of the coordinates in the file.

    Returns:
        number of parcels written.

    Raises:
        ExchangeUnreachable, ExchangeRefused: the exchange gives no answer.
    """
    from command_line.exporter import pages

    asked = {**question, "fields": sorted({_KEY, *question["fields"]})}
    read = pages.read_pages(exchange, _DATASET, asked, {"after": _FIRST, **predicates}, _KEY)
    records: list[Record] = []
    for number, answer in enumerate(read, start=1):
        answer.save(file.parent / "receipts" / f"{number:04d}")
        records.extend(answer.document["records"])
    file.parent.mkdir(parents=True, exist_ok=True)
    _write(records, [name for name in question["fields"] if name != _SHAPE], file, zone)
    return len(records)


def _write(records: list[Record], names: list[str], file: Path, zone: int) -> None:
    import numpy as np
    import pyogrio  # type: ignore[import-untyped]  # untyped upstream
    import shapely
    from shapely.geometry import shape

    from databases import reference_systems

    carried = [
        None
        if record.get(_SHAPE) is None
        else reference_systems.transform(
            shape(record[_SHAPE]), source=record[_SHAPE]["srid"], target=zone
        )
        for record in records
    ]
    columns = [np.array([_text(record[name]) for record in records], object) for name in names]
    pyogrio.raw.write(
        file,
        shapely.to_wkb(np.array(carried, object)),
        columns,
        np.array(names, object),
        layer=_COLLECTION,
        geometry_type="MultiPolygon",
        crs=f"EPSG:{zone}",
        **_DRIVERS[Form(file.suffix.removeprefix("."))],
    )


def _text(value: Any) -> str | None:
    """Write a value as text: a file of maps knows no objects."""
    import json

    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
