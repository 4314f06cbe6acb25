"""Putting the rows of the clean-up form that are about one parcel together."""

import functools
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from databases.code_lists import values as lists
from land import errors
from land.values.forms import Cells, FormRow
from land.values.kinds import HolderRole, LegalForm, RightKind, SourceKind
from land.values.papers import Certificate, Source
from land.values.parcels import LandUse, Parcel
from land.values.registrations import FirstRegistration
from land.values.rights import Holder, Right

_SPOUSES = frozenset({HolderRole.HUSBAND, HolderRole.WIFE})
_KEPT = (
    "sex",
    "legal_form",
    "current_user_name",
    "current_user_id",
    "current_address",
    "change_reason",
    "assets",
    "house_name",
    "flat_no",
    "built_area",
    "floor_area",
    "house_form",
    "house_term",
    "house_class",
    "house_grade",
    *(f"use_{line}_{what}" for line in (1, 2, 3) for what in ("area", "origin", "form", "term")),
)


def build(rows: Sequence[FormRow], *, province_code: str) -> FirstRegistration:
    """Make the first registration of a parcel of the rows that are about it.

    Args:
        rows: at least one, all of the same parcel.
        province_code: of the commune, since the reform.

    Raises:
        WrongParcel: the rows disagree about the area.
        WrongHolders: of spouses there is not one of each.

    Source:
        No law: the form; shares of several who are not spouses are unknown there, so all hold
        jointly (Civil Code 91/2015/QH13 art. 210), in equal parts for the count.
    """
    first = rows[0]
    if len({row.area_m2 for row in rows}) > 1:
        message = "The rows of the parcel state different areas."
        raise errors.WrongParcel.of_field("parcel_area", "form.rows_disagree", message)
    right_id = f"R{first.parcel_id}"
    share = _equal_share(len(rows))
    return FirstRegistration(
        parcel=_parcel(first, province_code),
        rights=(
            Right(
                right_id=right_id,
                parcel_id=first.parcel_id,
                kind=RightKind.LAND_USE,
                legal_form=_legal_form(rows),
                holders=tuple(_holder(row, share) for row in rows),
            ),
        ),
        certificates=_certificates(first, right_id),
        sources=tuple(_source(row, place) for place, row in enumerate(rows, start=1)),
    )


def day_of(rows: Sequence[FormRow], *, otherwise: date) -> date:
    """Say from which day the rows hold: the certificate's, or that of the load.

    Source:
        Law on Land 31/2024/QH15 art. 134 (the certificate proves the right; clause not verified).
    """
    return next((row.issued_on for row in rows if row.issued_on), otherwise)


@functools.lru_cache(maxsize=64)
def _equal_share(holders: int) -> Fraction:
    return Fraction(1, holders)


def _parcel(row: FormRow, province_code: str) -> Parcel:
    cells = row.cells
    total = sum((use.area_m2 or Decimal(0) for use in row.uses), Decimal(0))
    identifier = (cells.get("parcel_identifier") or "").upper()
    return Parcel(
        parcel_id=row.parcel_id,
        parcel_identifier=identifier or None,
        commune_code=str(cells["commune_code"]),
        commune_version=lists.SINCE_REFORM,
        province_code=province_code,
        legal_area_m2=row.area_m2,
        map_sheet_no=cells.get("sheet_on_map") or cells.get("sheet_on_paper"),
        parcel_no=cells.get("parcel_on_map") or cells.get("parcel_on_paper"),
        address_text=cells.get("parcel_address"),
        # Areas that exceed the parcel's stand in the title of the paper only.
        uses=row.uses if total <= row.area_m2 else _without_areas(row.uses),
    )


def _without_areas(uses: Sequence[LandUse]) -> tuple[LandUse, ...]:
    return tuple(replace(use, area_m2=None) for use in uses)


def _legal_form(rows: Sequence[FormRow]) -> LegalForm:
    roles = [row.role for row in rows]
    if any(role in _SPOUSES for role in roles):
        if sorted(roles) != sorted(_SPOUSES):
            message = "Of spouses the form names husband and wife, a row each."
            raise errors.WrongHolders.of_field("role", "form.spouses", message)
        return LegalForm.SPOUSES
    return LegalForm.SINGLE if len(rows) == 1 else LegalForm.JOINT


def _holder(row: FormRow, share: Fraction) -> Holder:
    return Holder(
        party=row.party,
        name=row.name,
        share=share,
        role=row.role,
        birth_date=row.birth_date,
        contact_address=row.cells.get("permanent_address"),
    )


def _certificates(row: FormRow, right_id: str) -> tuple[Certificate, ...]:
    cells = row.cells
    number = cells.get("issue_number")
    if not number:
        return ()
    on_paper = (cells.get("sheet_on_paper"), cells.get("parcel_on_paper"))
    return (
        Certificate(
            certificate_id=f"G{row.parcel_id}",
            number_as_written=number,
            right_ids=(right_id,),
            register_number=cells.get("register_number"),
            issued_on=row.issued_on,
            numbers_on_paper={right_id: on_paper},
        ),
    )


def _source(row: FormRow, place: int) -> Source:
    """Keep the row as a paper: what has no column of its own stands in its title."""
    return Source(
        source_id=f"S{place}{row.parcel_id}",
        parcel_id=row.parcel_id,
        kind=SourceKind.OTHER,
        title=_title(row.cells, row.flags),
        number=row.cells.get("register_number"),
        issued_on=row.issued_on,
        file_name=row.cells.get("scan"),
    )


def _title(cells: Cells, flags: Sequence[str]) -> str:
    said = [f"{name}: {value}" for name in _KEPT if (value := cells.get(name))]
    said += [f"flags: {', '.join(flags)}"] if flags else []
    return "; ".join(["49-column form", *said])
