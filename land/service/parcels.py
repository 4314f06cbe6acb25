"""Acts on one parcel: change of purpose, boundary correction, recovery by the State."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger
from databases.changes.ledger import Act, Recorded
from land import errors, tables, values
from land.repository import rows, saving, states
from land.rules import parcels as rules
from land.rules.topology import areas
from land.service import acts


def amend_land_use(
    session: Session, *, act: Act, parcel_id: str, uses: Sequence[values.LandUse], on: date
) -> Recorded:
    """Change what a parcel may be used for from a day on; the lines given replace those held.

    Raises:
        ParcelNotFound: there is no such parcel on the day.
        WrongLandUse: a line is wrong, by a list of land uses not in force on the day, or by a code
            that its list does not have.
        DisposalBlocked: a dispute or an attachment is in force.
        LaterActRecorded: the use changed on a later day.
    """
    change = ledger.open_act(session, tables.ledger, act, "land_use.amended")
    parcel = states.get_parcel(session, parcel_id, on=on)
    rules.require_uses(uses, parcel.legal_area_m2)
    added = [one for one in uses if one not in parcel.uses]
    rules.require_regime_in_force(added, on=on)
    warnings = acts.require_known_uses(session, added)
    kinds = states.list_restriction_kinds(session, [parcel_id], on=on)
    rules.require_undisputed(kinds)
    acts.require_latest_use(session, parcel_id, on=on)
    saving.close(session, tables.land_use, {"parcel_id": parcel_id}, on=on, change=change)
    valid = periods.period(on, states.find_end(session, parcel_id))
    saving.add_uses(session, parcel_id, uses, valid=valid, change=change)
    return Recorded(change, parcel_id, warnings + rules.term_warnings(uses, on=on))


def correct_boundary(
    session: Session,
    *,
    act: Act,
    parcel_id: str,
    survey: values.Survey,
    shape: values.Shape,
    valid_from: date,
) -> Recorded:
    """Correct the boundary of a parcel by a new survey; its legal area stays.

    Args:
        valid_from: day from which the new boundary holds; for an error of the former survey, its
            own day.

    Raises:
        ParcelNotFound: there is no such parcel on the day.
        UnknownZone, InvalidShape, MisplacedShape: the new shape is no land of Viet Nam.
        OverlappingParcels: the new boundary takes land of others on one of its days.
    """
    change = ledger.open_act(session, tables.ledger, act, "boundary.corrected")
    held = states.get_parcel(session, parcel_id, on=valid_from)
    parcel = replace(held, survey=survey, shape=shape)
    valid = periods.period(valid_from, states.find_end(session, parcel_id))
    warnings = acts.require_fit(session, parcel, valid=valid, beside=[parcel_id])
    shape_now = acts.measured(parcel)
    if shape_now is not None:
        parcel = replace(parcel, measured_area_m2=areas.measure_m2(shape_now))
    before, after = rows.parcel_columns(held), rows.parcel_columns(parcel)
    changed = {name: after[name] for name in after if before[name] != after[name]}
    key = {"parcel_id": parcel_id}
    saving.amend(session, tables.parcel, key, changed, on=valid_from, change=change)
    return Recorded(change, parcel_id, warnings)


def register_recovery(session: Session, *, act: Act, parcel_id: str, on: date) -> Recorded:
    """Record that the State recovered a parcel: all rights over it end, its certificates too.

    Mortgages end with the rights; disputes and attachments are warned of, for the decision of
    recovery stands above them.

    Raises:
        ParcelNotFound: there is no such parcel on the day.
        LaterActRecorded: the holders of a right changed on a later day.
    """
    change = ledger.open_act(session, tables.ledger, act, "parcel.recovered")
    states.get_parcel(session, parcel_id, on=on)
    rights = states.list_rights(session, "parcel_id", [parcel_id], on=on)
    ids = [right.right_id for right in rights]
    if not ids:
        raise errors.RightNotFound("Nobody holds a right over this parcel on this day.")
    acts.require_latest(session, ids, on=on, ends=True)
    warnings = rules.recovery_warnings(
        states.list_restriction_kinds(session, [parcel_id], on=on),
        mortgages=len(states.list_mortgages(session, ids, on=on)),
    )
    revoked = values.CertificateStatus.REVOKED
    end_rights(session, ids, certificates=revoked, on=on, change=change)
    return Recorded(change, parcel_id, warnings)


def end_rights(
    session: Session,
    right_ids: Sequence[str],
    *,
    certificates: values.CertificateStatus,
    on: date,
    change: int,
) -> None:
    """End rights with what hangs on them; certificates left without any right change status.

    What ends: holders, mortgages, responsibilities and the lines of certificates.
    """
    named = states.list_certificate_ids(session, right_ids, on=on)
    for table in (
        tables.land_right,
        tables.right_holder,
        tables.mortgage,
        tables.responsibility,
        tables.certificate_right,
    ):
        for right_id in right_ids:
            saving.close(session, table, {"right_id": right_id}, on=on, change=change)
    left = states.list_rows(session, tables.certificate_right, "certificate_id", named, on=on)
    emptied = set(named) - {row["certificate_id"] for row in left}
    for certificate_id in sorted(emptied):
        key = {"certificate_id": certificate_id}
        changed = {"status": certificates.value}
        saving.amend(session, tables.certificate, key, changed, on=on, change=change)
