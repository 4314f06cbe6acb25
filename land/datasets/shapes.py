"""How rows become JSON-ready values: per field the columns it needs and what makes the value."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from databases import plans
from databases.plans import Json, Reading
from land.datasets import geometries
from land.values.kinds import CertificateStatus, RightKind

Entries = Sequence[Sequence[Any]] | None


def _named(*names: str) -> Callable[[Entries], Json]:
    def name_entries(rows: Entries) -> Json:
        return [dict(zip(names, row, strict=True)) for row in rows or ()]

    return name_entries


def _place(
    address: str | None, commune: str | None, version: str | None, province: str | None
) -> Json:
    return {
        "as_written": address,
        "commune": plans.coded("commune", version, commune),
        "province": plans.coded("province", version, province),
    }


def _location(parts: Sequence[Any]) -> Json:
    return _place(*parts)


def _old_commune(code: str | None, version: str | None) -> Json:
    return plans.coded("commune", version, code)


def _survey(srid: int | None, accuracy: str | None, on: str | None, document: str | None) -> Json:
    if srid is None:
        return None
    return {"srid": srid, "accuracy_m": accuracy, "surveyed_on": on, "document": document}


def _land_uses(rows: Entries) -> Json:
    return [
        {
            "use": plans.coded("land_use", regime, code),
            "as_written": text,
            "area_m2": area,
            "origin": origin,
            "is_common": is_common,
            "term_until": term_until,
        }
        for regime, code, text, area, origin, is_common, term_until in rows or ()
    ]


def _parcel(entry: Sequence[Any]) -> dict[str, Json]:
    name, identifier, commune, version, province, old, old_version, sheet, number, area, text = (
        entry
    )
    return {
        "parcel_id": name,
        "parcel_identifier": identifier,
        "location": _place(text, commune, version, province),
        "old_commune": plans.coded("commune", old_version, old),
        "map_sheet_no": sheet,
        "parcel_no": number,
        "legal_area": area,
    }


def _rights(rows: Entries) -> Json:
    return [
        {
            "right_id": name,
            "kind": kind,
            "legal_form": form,
            "legal_space_id": space,
            "ends_on": ends_on,
            "parcel": _parcel(parcel),
            "certificates": numbers or [],
            "share": share,
            "role": role,
            "since": since,
        }
        for name, kind, form, space, ends_on, parcel, numbers, share, role, since in rows or ()
    ]


def _has_land(rows: Entries) -> bool:
    return any(row[1] == RightKind.LAND_USE for row in rows or ())


def _numbers(rows: Sequence[str] | None) -> Json:
    return rows or []


def _certified_parcels(rows: Entries) -> Json:
    """Write each parcel once, with the numbers that the certificate itself states."""
    found: dict[str, Json] = {}
    for *_, parcel, _holders, sheet, number in rows or ():
        written = {"map_sheet_no_on_paper": sheet, "parcel_no_on_paper": number}
        found.setdefault(parcel[0], {**_parcel(parcel), **written})
    return list(found.values())


def _first_location(rows: Entries) -> Json:
    parcels = _certified_parcels(rows)
    return parcels[0]["location"] if parcels else None


def _holders(rows: Entries) -> Json:
    names = ("party", "name", "share", "role", "birth_date")
    return [
        {"right_id": row[0], "kind": row[1], **dict(zip(names, holder, strict=True))}
        for row in rows or ()
        for holder in row[6] or ()
    ]


def _is_in_force(status: str) -> bool:
    return status == CertificateStatus.IN_FORCE


_RELATED = _named("parcel_id", "kind", "since")
PARCEL: Mapping[str, Reading] = {
    **{
        name: Reading((name,))
        for name in ("parcel_id", "parcel_identifier", "map_sheet_no", "parcel_no", "is_parcel")
    },
    "location": Reading(("place",), _location),
    "old_commune": Reading(("old_commune_code", "old_commune_version"), _old_commune),
    "legal_area": Reading(("legal_area_m2",)),
    "measured_area": Reading(("measured_area_m2",)),
    "survey": Reading(
        ("survey_srid", "survey_accuracy_m", "surveyed_on", "survey_document"), _survey
    ),
    "shape": Reading(("survey_srid", "survey_shape"), geometries.surveyed),
    "land_uses": Reading(("land_uses",), _land_uses),
    "legal_spaces": Reading(
        ("legal_spaces",),
        _named(
            "legal_space_id",
            "kind",
            "name",
            "flat_no",
            "storeys",
            "built_area",
            "floor_area",
            "grade",
        ),
    ),
    "restrictions": Reading(
        ("restrictions",), _named("kind", "decided_by", "decision_no", "note", "since")
    ),
    "ancestors": Reading(("ancestors",), _RELATED),
    "descendants": Reading(("descendants",), _RELATED),
}
HOLDING: Mapping[str, Reading] = {
    "party_number": Reading(("party_number",)),
    "names": Reading(("names",), _numbers),
    "rights": Reading(("held",), _rights),
    "has_land": Reading(("held",), _has_land),
    "mortgages": Reading(
        ("mortgages",),
        _named(
            "mortgage_id", "right_id", "mortgagee", "mortgagee_name", "rank", "amount", "currency"
        ),
    ),
    "responsibilities": Reading(
        ("responsibilities",), _named("kind", "right_id", "amount", "currency", "due_on")
    ),
}
CERTIFICATE: Mapping[str, Reading] = {
    **{
        name: Reading((name,))
        for name in (
            "issue_number", "number_as_written", "register_number", "qr_code", "issued_on",
            "issued_by", "status",
        )
    },
    "is_in_force": Reading(("status",), _is_in_force),
    "replaces": Reading(("replaces_numbers",), _numbers),
    "replaced_by": Reading(("replaced_by_numbers",), _numbers),
    "location": Reading(("certified",), _first_location),
    "parcels": Reading(("certified",), _certified_parcels),
    "holders": Reading(("certified",), _holders),
}  # fmt: skip
