"""Turns values into rows of the tables and back."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import fields
from enum import Enum
from fractions import Fraction
from typing import Any, Final, Literal

from geoalchemy2 import WKBElement

from land import values
from land.rules import certificates
from land.rules.topology.measured import Measured

Columns = dict[str, Any]
_WITH_SRID: Final = 0x20000000  # in the type of an extended well-known binary
_PARCEL_SAME = (
    "parcel_id", "parcel_identifier", "commune_code", "commune_version", "province_code",
    "old_commune_code", "old_commune_version", "map_sheet_no", "parcel_no", "legal_area_m2",
    "measured_area_m2", "address_text", "is_parcel",
)  # fmt: skip


def columns_of(record: Any, *, without: tuple[str, ...] = ()) -> Columns:
    """Make the columns of a record whose fields bear the names of the columns."""
    kind: Any = type(record)
    return {name: _plain(getattr(record, name)) for name in _names_of(kind, without)}


@functools.cache
def _names_of(kind: Any, without: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name not in without)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def parcel_columns(parcel: values.Parcel) -> Columns:
    """Make the columns of a parcel, without its uses."""
    row = {name: getattr(parcel, name) for name in _PARCEL_SAME}
    survey = parcel.survey
    return {
        **row,
        "survey_srid": survey.srid if survey else None,
        "survey_accuracy_m": survey.accuracy_m if survey else None,
        "surveyed_on": survey.surveyed_on if survey else None,
        "survey_document": survey.document if survey else None,
        **_shape_columns(parcel),
    }


def measured(parcel: values.Parcel) -> Measured | None:
    """Give the parcel's shape with its survey; None where it was not surveyed."""
    if parcel.shape is None or parcel.survey is None:
        return None
    accuracy_m = float(parcel.survey.accuracy_m)
    return Measured(parcel.parcel_id, parcel.shape, parcel.survey.srid, accuracy_m)


def _shape_columns(parcel: values.Parcel) -> Columns:
    if parcel.shape is None or parcel.survey is None:
        return {"shape": None, "shape_4756": None}
    return {
        "shape": _element(parcel.shape.survey_wkb, parcel.survey.srid),
        "shape_4756": _element(parcel.shape.common_wkb, values.COMMON_SRID),
    }


def _element(wkb: bytes, srid: int) -> WKBElement:
    """Write the number of the reference system into a binary: as text it would be read twice."""
    order: Literal["little", "big"] = "little" if wkb[0] else "big"
    kind = int.from_bytes(wkb[1:5], order) | _WITH_SRID
    head = kind.to_bytes(4, order) + srid.to_bytes(4, order)
    return WKBElement(wkb[:1] + head + wkb[5:], srid, extended=True)


def parcel_of(row: Mapping[str, Any], uses: Sequence[values.LandUse]) -> values.Parcel:
    """Read a parcel of its row and its lines of use."""
    survey = None
    if row["survey_srid"] is not None:
        survey = values.Survey(
            row["survey_srid"],
            row["survey_accuracy_m"],
            row["surveyed_on"],
            row["survey_document"],
        )
    shape = None
    if row["shape"] is not None:
        shape = values.Shape(_plain_wkb(row["shape"]), _plain_wkb(row["shape_4756"]))
    same = {name: row[name] for name in _PARCEL_SAME}
    return values.Parcel(**same, survey=survey, shape=shape, uses=tuple(uses))


def _plain_wkb(element: WKBElement) -> bytes:
    # As values hold it: without the number of the reference system.
    return bytes(element.as_wkb().data)


def use_columns(parcel_id: str, line_no: int, use: values.LandUse) -> Columns:
    """Make the columns of a line of use."""
    return {"parcel_id": parcel_id, "line_no": line_no, **columns_of(use)}


def use_of(row: Mapping[str, Any]) -> values.LandUse:
    """Read a line of use."""
    read = {field.name: row[field.name] for field in fields(values.LandUse)}
    return values.LandUse(**{**read, "origin": values.LandOrigin(row["origin"])})


def right_columns(right: values.Right) -> Columns:
    """Make the columns of a right, without its holders."""
    return columns_of(right, without=("holders",))


def right_of(row: Mapping[str, Any], holders: Sequence[values.Holder]) -> values.Right:
    """Read a right of its row and its holders."""
    return values.Right(
        right_id=row["right_id"],
        parcel_id=row["parcel_id"],
        kind=values.RightKind(row["kind"]),
        legal_form=values.LegalForm(row["legal_form"]),
        holders=tuple(holders),
        legal_space_id=row["legal_space_id"],
        derived_from=row["derived_from"],
        ends_on=row["ends_on"],
    )


def holder_columns(right_id: str, holder: values.Holder) -> Columns:
    """Make the columns of a holder."""
    return {
        "right_id": right_id,
        "party_ref": holder.party.ref,
        "party_name": holder.name,
        "share_numerator": holder.share.numerator,
        "share_denominator": holder.share.denominator,
        **columns_of(holder, without=("party", "name", "share")),
    }


def holder_of(row: Mapping[str, Any]) -> values.Holder:
    """Read a holder."""
    return values.Holder(
        party=values.Party(row["party_ref"]),
        name=row["party_name"],
        share=Fraction(row["share_numerator"], row["share_denominator"]),
        role=values.HolderRole(row["role"]),
        birth_date=row["birth_date"],
        nationality_code=row["nationality_code"],
        contact_address=row["contact_address"],
    )


def mortgage_columns(mortgage: values.Mortgage) -> Columns:
    """Make the columns of a mortgage."""
    return {
        "party_ref": mortgage.mortgagee.ref,
        "party_name": mortgage.mortgagee_name,
        **columns_of(mortgage, without=("mortgagee", "mortgagee_name")),
    }


def mortgage_of(row: Mapping[str, Any]) -> values.Mortgage:
    """Read a mortgage."""
    return values.Mortgage(
        mortgage_id=row["mortgage_id"],
        right_id=row["right_id"],
        mortgagee=values.Party(row["party_ref"]),
        mortgagee_name=row["party_name"],
        contract_no=row["contract_no"],
        secured_amount=row["secured_amount"],
        currency=row["currency"],
        rank=row["rank"],
    )


def certificate_columns(certificate: values.Certificate, *, replaces: str | None) -> Columns:
    """Make the columns of a certificate in force; its number is read here."""
    read = certificates.read_number(certificate.number_as_written)
    is_certain = read.is_certain and read.form is not None
    return {
        **columns_of(certificate, without=("right_ids", "numbers_on_paper")),
        "issue_number": read.number if is_certain else None,
        "number_form": read.form.value if is_certain and read.form else None,
        "status": values.CertificateStatus.IN_FORCE.value,
        "replaces": replaces,
    }


def certain_number(certificate: values.Certificate) -> str | None:
    """Give the issue number of a certificate where it is read without doubt."""
    read = certificates.read_number(certificate.number_as_written)
    return read.number if read.is_certain and read.form is not None else None


def certified_columns(certificate: values.Certificate, right_id: str) -> Columns:
    """Make the columns of one right that a certificate certifies."""
    sheet, number = certificate.numbers_on_paper.get(right_id, (None, None))
    return {
        "certificate_id": certificate.certificate_id,
        "right_id": right_id,
        "map_sheet_no": sheet,
        "parcel_no": number,
    }
