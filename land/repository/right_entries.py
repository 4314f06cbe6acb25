"""How answers write a right: with its parcel and the certificates in force that name it."""

from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects import postgresql

from databases import statements
from land import tables, values
from land.repository import listing

RIGHT = tables.land_right.alias("r")
PARCEL = tables.parcel.alias("p")
CERTIFICATE = tables.certificate.alias("c")
CERTIFIED = tables.certificate_right.alias("cr")


def _parcel_entry() -> ColumnElement[Any]:
    return func.json_build_array(
        PARCEL.c.parcel_id,
        PARCEL.c.parcel_identifier,
        PARCEL.c.commune_code,
        PARCEL.c.commune_version,
        PARCEL.c.province_code,
        PARCEL.c.old_commune_code,
        PARCEL.c.old_commune_version,
        PARCEL.c.map_sheet_no,
        PARCEL.c.parcel_no,
        listing.decimal(PARCEL.c.legal_area_m2),
        PARCEL.c.address_text,
    )


def _numbers(at_change: bool) -> ColumnElement[Any]:
    """Collect the numbers of the certificates in force that name the right."""
    number = func.coalesce(CERTIFICATE.c.issue_number, CERTIFICATE.c.number_as_written)
    aggregated = postgresql.aggregate_order_by(number, number)
    return (
        select(func.json_agg(aggregated))
        .where(
            CERTIFIED.c.right_id == RIGHT.c.right_id,
            CERTIFICATE.c.certificate_id == CERTIFIED.c.certificate_id,
            CERTIFICATE.c.status == values.CertificateStatus.IN_FORCE.value,
            statements.is_held(CERTIFIED, at_change),
            statements.is_held(CERTIFICATE, at_change),
        )
        .scalar_subquery()
    )


def right_entry(at_change: bool) -> list[ColumnElement[Any]]:
    """Give what is written of a right; the numbers of its certificates come last."""
    return [
        RIGHT.c.right_id,
        RIGHT.c.kind,
        RIGHT.c.legal_form,
        RIGHT.c.legal_space_id,
        statements.day_text(RIGHT.c.ends_on),
        _parcel_entry(),
        _numbers(at_change),
    ]
