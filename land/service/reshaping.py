"""Split and merger of parcels: the former ones end, the new ones take over what stood on them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, versions
from databases.changes.ledger import Act, Recorded
from land import tables, values
from land.repository import rows, saving, states
from land.rules import continuation, disposals
from land.rules import parcels as rules
from land.rules.topology import areas, partitions
from land.service import acts, parcels, registration
from land.values import LineageKind

_LEAST_TOLERANCE_M2 = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class _Former:
    """What the register holds of the parcels that end."""

    parcels: tuple[values.Parcel, ...]
    rights: tuple[values.Right, ...]
    mortgages: tuple[values.Mortgage, ...]
    spaces: frozenset[str]

    @property
    def parcel_ids(self) -> list[str]:
        return [one.parcel_id for one in self.parcels]

    @property
    def right_ids(self) -> list[str]:
        return [one.right_id for one in self.rights]


def register_split(
    session: Session,
    *,
    act: Act,
    parcel_id: str,
    parts: Sequence[values.Part],
    on: date,
    consents: frozenset[str] = frozenset(),
) -> Recorded:
    """Split a parcel into several from a day on.

    Args:
        parts: the new parcels, and what each takes over.
        consents: names of the mortgages whose mortgagee agreed.

    Raises:
        ParcelNotFound: it is not registered on the day.
        WrongContinuation: not all that stood on it is taken over, or not as it must be.
        DisposalBlocked, MortgageeConsentMissing: the law stands in the way.
        AreaMismatch, DifferentLand, OverlappingParcels: the new parcels are not the same land.
        UnknownZone, InvalidShape, MisplacedShape: a new shape is no land of Viet Nam.
        WrongParcel, WrongLandUse, AlreadyRegistered, WrongCertificate, LaterActRecorded.
    """
    return _reshape(
        session,
        act,
        LineageKind.SPLIT,
        parcel_ids=[parcel_id],
        parts=parts,
        on=on,
        consents=consents,
    )


def register_merger(
    session: Session,
    *,
    act: Act,
    parcel_ids: Sequence[str],
    merged: values.Part,
    on: date,
    consents: frozenset[str] = frozenset(),
) -> Recorded:
    """Merge parcels of the same holders into one from a day on; raises as `register_split`."""
    return _reshape(
        session,
        act,
        LineageKind.MERGE,
        parcel_ids=parcel_ids,
        parts=[merged],
        on=on,
        consents=consents,
    )


def _reshape(
    session: Session,
    act: Act,
    kind: LineageKind,
    *,
    parcel_ids: Sequence[str],
    parts: Sequence[values.Part],
    on: date,
    consents: frozenset[str],
) -> Recorded:
    continuation.require_reshaping(kind, parcel_ids, parts)
    change = ledger.open_act(session, tables.ledger, act, f"parcel.{kind.value}")
    former = _read_former(session, parcel_ids, on=on)
    acts.require_latest(session, former.right_ids, on=on, ends=True)
    acts.require_latest_of_parcels(session, parcel_ids, on=on)
    rules.require_undisputed(states.list_restriction_kinds(session, parcel_ids, on=on))
    disposals.require_consents(former.mortgages, consents)
    continuation.require_rights_continued(former.rights, parts)
    continuation.require_spaces_continued(former.spaces, parts)
    warnings = _require_same_land(session, former, parts, on=on)
    _carry_over(session, former, parts, on=on, change=change)
    lineage = [
        {"parcel_id": part.parcel.parcel_id, "ancestor_id": name, "kind": kind.value}
        for part in parts
        for name in former.parcel_ids
    ]
    valid = periods.period(on)
    saving.add(session, tables.lineage, lineage, valid=valid, change=change)
    for part in parts:
        warnings += registration.add_certificates(session, part.certificates, on=on, change=change)
    return Recorded(change, parts[0].parcel.parcel_id, warnings)


def _read_former(session: Session, parcel_ids: Sequence[str], *, on: date) -> _Former:
    befores = tuple(states.get_parcel(session, name, on=on) for name in parcel_ids)
    rights = states.list_rights(session, "parcel_id", parcel_ids, on=on)
    ids = [right.right_id for right in rights]
    spaces = states.list_rows(session, tables.legal_space, "parcel_id", parcel_ids, on=on)
    return _Former(
        befores,
        rights,
        states.list_mortgages(session, ids, on=on),
        frozenset(row["legal_space_id"] for row in spaces),
    )


def _require_same_land(
    session: Session, former: _Former, parts: Sequence[values.Part], *, on: date
) -> acts.Warnings:
    afters = [part.parcel for part in parts]
    warnings: acts.Warnings = ()
    held = {use for one in former.parcels for use in one.uses}
    for parcel in afters:
        added = [use for use in parcel.uses if use not in held]
        warnings += acts.require_known_uses(session, added)
        warnings += acts.require_fit(
            session, parcel, valid=periods.period(on), beside=former.parcel_ids
        )
    before = [acts.measured(one) for one in former.parcels]
    after = [acts.measured(one) for one in afters]
    surveyed_before = [one for one in before if one is not None]
    surveyed_after = [one for one in after if one is not None]
    tolerance = _LEAST_TOLERANCE_M2
    if surveyed_after:
        tolerance = sum((areas.tolerance_m2(one) for one in surveyed_after), Decimal(0))
    rules.require_areas_kept(former.parcels, afters, tolerance_m2=tolerance)
    if None not in before and None not in after:
        partitions.require_same_land(surveyed_before, surveyed_after)
    return warnings


def _carry_over(
    session: Session,
    former: _Former,
    parts: Sequence[values.Part],
    *,
    on: date,
    change: int,
) -> None:
    """End the former parcels and write what goes on under the new ones."""
    restrictions = states.list_rows(
        session, tables.restriction, "parcel_id", former.parcel_ids, on=on
    )
    owed = states.list_rows(session, tables.responsibility, "right_id", former.right_ids, on=on)
    replaced = values.CertificateStatus.REPLACED
    parcels.end_rights(session, former.right_ids, certificates=replaced, on=on, change=change)
    for name in former.parcel_ids:
        for table in (tables.parcel, tables.land_use, tables.restriction):
            saving.close(session, table, {"parcel_id": name}, on=on, change=change)
    valid = periods.period(on)
    for part in parts:
        name = part.parcel.parcel_id
        saving.add_parcel(session, part.parcel, valid=valid, change=change)
        for right in continuation.list_continued(former.rights, part):
            # A lease keeps its last day.
            right_valid = _valid_of(right, on)
            saving.add_right(session, right, valid=right_valid, change=change)
        for space in part.legal_space_ids:
            key = {"legal_space_id": space}
            changed = {"parcel_id": name}
            saving.amend(session, tables.legal_space, key, changed, on=on, change=change)
        limits = {
            row["restriction_id"]: {**versions.record_of(row), "parcel_id": name}
            for row in restrictions
        }
        saving.add(session, tables.restriction, limits.values(), valid=valid, change=change)
        _carry_mortgages(session, former.mortgages, part, on=on, change=change)
    _carry_responsibilities(session, owed, parts, on=on, change=change)


def _valid_of(right: values.Right, on: date) -> Range[date]:
    is_lease = right.kind is values.RightKind.LEASE
    return periods.period(on, right.ends_on if is_lease else None)


def _carry_mortgages(
    session: Session,
    mortgages: Sequence[values.Mortgage],
    part: values.Part,
    *,
    on: date,
    change: int,
) -> None:
    """Let each mortgage stand on every right that its former right goes on as."""
    carried = {
        (mortgage.mortgage_id, part.right_ids[mortgage.right_id]): mortgage
        for mortgage in mortgages
        if mortgage.right_id in part.right_ids
    }
    entries = [
        rows.mortgage_columns(replace(mortgage, right_id=right_id))
        for (_, right_id), mortgage in carried.items()
    ]
    valid = periods.period(on)
    saving.add(session, tables.mortgage, entries, valid=valid, change=change)


def _carry_responsibilities(
    session: Session,
    owed: Sequence[dict[str, object]],
    parts: Sequence[values.Part],
    *,
    on: date,
    change: int,
) -> None:
    """Let what is owed go with the first new right: it is owed once."""
    entries = []
    for row in owed:
        right_id = str(row["right_id"])
        first = next(part for part in parts if right_id in part.right_ids)
        entries.append({**versions.record_of(row), "right_id": first.right_ids[right_id]})
    valid = periods.period(on)
    saving.add(session, tables.responsibility, entries, valid=valid, change=change)
