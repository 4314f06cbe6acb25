"""The conditions that a search of parcels may use, and how what is asked is read."""

from collections.abc import Mapping
from typing import Any

from databases import predicate_values
from databases.datasets import Parameters, Predicate
from land.datasets import geometries

_OR_ONE_OF = "; of a list of texts, one."


def _text(name: str, value: Any) -> Parameters:
    return {name: predicate_values.require_text(name, value).strip()}


PREDICATES: Mapping[str, Predicate] = {
    predicate.name: predicate
    for predicate in (
        Predicate(
            "after",
            "text",
            "Names that follow this one in order: the next page. 0 comes before all.",
            _text,
            ("parcel_id",),
        ),
        Predicate(
            "bbox",
            "text",
            "West, south, east, north in WGS 84, parted by commas: parcels that meet the box.",
            geometries.read_box,
            ("shape",),
        ),
        Predicate(
            "commune",
            "code",
            "Commune of today, or the one that the map sheet was numbered in; code and version.",
            predicate_values.read_coded,
            ("location", "old_commune"),
        ),
        Predicate(
            "map_sheet_no",
            "text",
            "Number of the map sheet" + _OR_ONE_OF,
            predicate_values.read_texts,
            ("map_sheet_no",),
            ("commune",),
        ),
        Predicate(
            "parcel_no",
            "text",
            "Number on the map sheet" + _OR_ONE_OF,
            predicate_values.read_texts,
            ("parcel_no",),
            ("commune",),
        ),
        Predicate(
            "parcel_identifier",
            "text",
            "Twelve signs given by the national database" + _OR_ONE_OF,
            predicate_values.read_texts,
            ("parcel_identifier",),
        ),
        Predicate(
            "legal_area",
            "range",
            "Area that the certificate states, square metres: least or above, most or below.",
            predicate_values.read_range,
            ("legal_area",),
            ("commune", "bbox"),
        ),
    )
}
