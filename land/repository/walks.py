"""Walks through parcels and through all who hold land: which tables their records are made of."""

from databases.walks import Part, make_walk
from land import tables

_PIN_DIGITS = 12
_holder = tables.right_holder
_is_numbered = _holder.c.party_ref.regexp_match("^(pin|enterprise):")
_right = tables.land_right
_certified = tables.certificate_right


def _reference(number: str) -> str:
    return ("pin:" if len(number) == _PIN_DIGITS else "enterprise:") + number


def _number(reference: str) -> str:
    return reference.partition(":")[2]


# Ordered by reference, for which there is an index; who has no number is no record of `holding`.
walk_holdings = make_walk(
    [Part(_holder, _holder.c.party_ref, condition=_is_numbered)],
    [
        *(
            Part(
                table,
                _holder.c.party_ref,
                joined=_holder.join(table, table.c.right_id == _holder.c.right_id),
                condition=_is_numbered,
            )
            for table in (_right, _certified, tables.mortgage, tables.responsibility)
        ),
        Part(
            tables.parcel,
            _holder.c.party_ref,
            joined=_holder.join(_right, _right.c.right_id == _holder.c.right_id).join(
                tables.parcel, tables.parcel.c.parcel_id == _right.c.parcel_id
            ),
            condition=_is_numbered,
        ),
        Part(
            tables.certificate,
            _holder.c.party_ref,
            joined=_holder.join(_certified, _certified.c.right_id == _holder.c.right_id).join(
                tables.certificate,
                tables.certificate.c.certificate_id == _certified.c.certificate_id,
            ),
            condition=_is_numbered,
        ),
    ],
    ordered=_reference,
    published=_number,
)
walk_parcels = make_walk(
    [Part(tables.parcel, tables.parcel.c.parcel_id)],
    [
        *(
            Part(table, table.c.parcel_id)
            for table in (
                tables.land_use,
                tables.legal_space,
                tables.restriction,
                tables.lineage,
            )
        ),
        Part(tables.lineage, tables.lineage.c.ancestor_id),
    ],
)
_certificate = tables.certificate
_of_certificate = _certificate.join(
    _certified, _certified.c.certificate_id == _certificate.c.certificate_id
)
# A certificate whose number cannot be read is no record that anybody could ask for.
walk_certificates = make_walk(
    [Part(_certificate, _certificate.c.issue_number)],
    [
        Part(_certified, _certificate.c.issue_number, joined=_of_certificate),
        *(
            Part(
                table,
                _certificate.c.issue_number,
                joined=_of_certificate.join(table, table.c.right_id == _certified.c.right_id),
            )
            for table in (_right, _holder)
        ),
    ],
)
