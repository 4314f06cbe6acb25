"""Loads the parcels of a sheet: what is plain as columns, whatever is not one by one."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, staged
from databases.changes.ledger import Act
from databases.errors import RegisterError
from land import tables
from land.repository import first_registrations as repository
from land.repository import sheets
from land.rules import coordinates, parcels
from land.rules.topology import batches
from land.service import loading, shapes
from land.service.loading import Loaded
from land.values import Sheet

_INSERTED, _UNCHANGED = Loaded("inserted"), Loaded("unchanged")


def load_sheet(session: Session, *, act: Act, sheet: Sheet, on: date) -> list[Loaded]:
    """Register the parcels of a sheet that the register does not hold yet: one change, or none.

    Parcels that are sound, bear a new name, and come near nobody else's land are most, and are
    recorded together; all others are looked at in turn as `loading.load_parcels` does. A parcel
    that cannot be registered is refused alone; of two that take the same land the first is
    registered.

    Args:
        on: first day of all that is recorded; day on which is looked what is held.

    Returns:
        what became of each parcel, in the order given.

    Raises:
        UnknownZone: the zone is none of VN-2000.
    """
    coordinates.require_zone(sheet.survey.srid)
    if not sheet.parcel_ids:
        return []
    staged.prepare(session)
    staged.lock_register(session, tables.ledger)
    batch, outlines = batches.place(sheet.placed, srid=sheet.survey.srid)
    is_same, is_known = _compare_held(session, sheet, batch, outlines, on=on)
    if is_same.all():
        return [_UNCHANGED] * len(is_same)
    # Comparing shapes needs neither the interpreter nor the connection: a second core does it.
    with ThreadPoolExecutor(1, "topology") as beside:
        meeting = beside.submit(batches.list_meeting, batch, outlines, own=len(outlines))
        is_plain = _is_plain(sheet, batch) & ~is_known
        is_plain &= ~_is_near_held(session, outlines, is_plain)
        is_plain[list(meeting.result())] = False
    change = None
    if is_plain.any():
        change = ledger.open_act(session, tables.ledger, act, loading.PARCELS_LOADED)
        places = np.flatnonzero(is_plain).tolist()
        columns = sheets.list_columns(sheet, batch.surveyed, outlines, places)
        sheets.add(session, sheet, columns, valid=periods.period(on), change=change)
    others = np.flatnonzero(~is_plain & ~is_same).tolist()
    looked_at = _load_others(session, act, sheet, others, on=on, change=change)
    return [
        looked_at.get(place, _UNCHANGED if same else _INSERTED)
        for place, same in enumerate(is_same.tolist())
    ]


def _compare_held(
    session: Session, sheet: Sheet, batch: batches.Batch, outlines: Any, *, on: date
) -> tuple[coordinates.Mask, coordinates.Mask]:
    """Tell of which parcels the register holds what the sheet says, and which names were given."""
    names = np.array(sheet.parcel_ids, dtype=object)
    known = repository.list_given(session, tables.parcel, set(sheet.parcel_ids))
    is_known = np.fromiter((name in known for name in names), dtype=np.bool_, count=len(names))
    held = np.flatnonzero(is_known).tolist()
    columns = sheets.list_columns(sheet, batch.surveyed, outlines, held)
    same = sheets.list_same(session, sheet, columns, on=on)
    times = Counter(sheet.parcel_ids)
    is_same = (name in same and times[name] == 1 for name in names)
    return np.fromiter(is_same, dtype=np.bool_, count=len(names)), is_known


def _is_plain(sheet: Sheet, batch: batches.Batch) -> coordinates.Mask:
    """Tell which parcels break no rule by themselves."""
    try:
        parcels.require_parcel(sheet.make_parcel(0, None))
    except RegisterError:
        # What all have alike may be wrong: then each is refused in its own turn.
        return np.zeros(len(sheet.parcel_ids), dtype=np.bool_)
    times = Counter(sheet.parcel_ids)
    is_named = (times[name] == 1 and parcels.is_id(name) for name in sheet.parcel_ids)
    is_plain = np.fromiter(is_named, dtype=np.bool_, count=len(sheet.parcel_ids))
    areas_m2 = np.array(sheet.areas_m2, dtype=np.float64)
    is_plain &= areas_m2 > 0
    is_plain &= batches.confirm_area(batch, float(sheet.survey.accuracy_m), areas_m2)
    return is_plain


def _is_near_held(session: Session, outlines: Any, is_asked: coordinates.Mask) -> coordinates.Mask:
    """Tell which of some parcels have a box that meets that of a parcel of the register."""
    asked = np.flatnonzero(is_asked)
    is_near = np.zeros(len(outlines), dtype=np.bool_)
    boxes = shapely.bounds(outlines[asked])
    around = [written.parcel for written in repository.list_around(session, boxes)]
    if around:
        beside = shapely.from_wkb([one.shape.common_wkb for one in around], on_invalid="ignore")
        is_near[asked[shapely.STRtree(outlines[asked]).query(beside)[1]]] = True
    return is_near


def _load_others(
    session: Session,
    act: Act,
    sheet: Sheet,
    places: Sequence[int],
    *,
    on: date,
    change: int | None,
) -> dict[int, Loaded]:
    read = shapes.read_shapes(
        [sheet.placed[place] for place in places],
        srid=sheet.survey.srid,
        given=[sheet.given[place] for place in places],
    )
    found = dict(zip(places, read, strict=True))
    made = {
        place: sheet.make_parcel(place, shape)
        for place, shape in found.items()
        if not isinstance(shape, RegisterError)
    }
    loaded = loading.load_parcels(
        session, act=act, parcels=list(made.values()), on=on, change=change
    )
    refused = {
        place: Loaded("refused", refusal)
        for place, refusal in found.items()
        if isinstance(refusal, RegisterError)
    }
    return refused | dict(zip(made, loaded, strict=True))
