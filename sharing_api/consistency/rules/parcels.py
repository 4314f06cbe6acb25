"""What is said of one parcel: who holds it, and what stands on it."""

from collections.abc import Iterator
from datetime import date

from databases import vietnamese
from sharing_api.consistency.rules import persons, units
from sharing_api.consistency.values import Bundle, Found, Kind, Mention, Record, Subject

_PARCEL, _HOLDING, _ASSET = "land/parcel", "land/holding", "finance/public_asset"
_INHERITANCE = "thua ke"
_LAND_USE = "land_use"  # who leases land of the State does not make it private


def holder_dead(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find parcels of the dead about which no open inheritance is recorded.

    Source:
        Law on Land 31/2024/QH15 art. 133 cl. 1 (changes are registered); Civil Code 91/2015/QH13
        art. 611 (inheritance opens with death).
    """
    if not _is_inheritance_open(bundle):
        yield from _of_dead(bundle, on)


def inheritance_open(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find parcels of the dead whose inheritance is recorded as open: to be followed, no error.

    Source:
        Civil Code 91/2015/QH13 art. 611, 623 (heirs have 30 years to ask for division of land).
    """
    if _is_inheritance_open(bundle):
        yield from _of_dead(bundle, on)


def number_cancelled(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find parcels whose holder is named by a number that was cancelled.

    Source:
        Circular 59/2021/TT-BCA art. 6; continued by Decree 70/2024/NĐ-CP.
    """
    for holding, _, known in _holders(bundle, Kind.PERSON, persons.CITIZEN):
        if known is not None and "bears" in known.says:
            yield Found((_place(bundle, holding), holding.record, known.record))


def number_unknown(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find parcels whose holder is named by a number that nobody bears or bore.

    Source:
        Law on Identity 26/2023/QH15 art. 12.
    """
    for holding, _, known in _holders(bundle, Kind.PERSON, persons.CITIZEN):
        if known is None:
            yield Found((_place(bundle, holding), holding.record))


def firm_ended(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find parcels that a firm holds which has ended.

    Source:
        Law on Land 31/2024/QH15 art. 81, 133 (land of organisations that cease to exist); Decree
        168/2025/NĐ-CP art. 35.
    """
    for holding, _, firm in _holders(bundle, Kind.ENTERPRISE, units.FIRM):
        if firm is not None and units.ended_before(firm, on):
            yield Found((_place(bundle, holding), holding.record, firm.record))


def firm_unknown(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find parcels that are held under an enterprise code of no registered firm.

    Source:
        Law on Land 31/2024/QH15 art. 4 (organisations as users of land).
    """
    for holding, _, firm in _holders(bundle, Kind.ENTERPRISE, units.FIRM):
        if firm is None:
            yield Found((_place(bundle, holding), holding.record))


def asset_private(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find public assets on parcels that persons hold.

    Source:
        Law on Management and Use of Public Property 15/2017/QH14; Decree 151/2017/NĐ-CP (land of
        public bodies; article not verified).
    """
    holders = [one for one, _, _ in _holders(bundle, Kind.PERSON, persons.CITIZEN)]
    is_private = any(_LAND_USE in one.says["rights"] for one in holders)
    for asset in bundle.of(_ASSET) if is_private else ():
        yield Found((asset.record, _place(bundle, asset)))


def asset_unknown(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find public assets on parcels that are not registered.

    Source:
        Law on Land 31/2024/QH15 art. 131 cl. 1 (registration is compulsory).
    """
    if bundle.first(_PARCEL) is None:
        for asset in bundle.of(_ASSET):
            yield Found((asset.record,))


def _holders(
    bundle: Bundle, kind: Kind, dataset: str
) -> Iterator[tuple[Mention, Subject, Mention | None]]:
    for holding in bundle.of(_HOLDING):
        for subject, known in bundle.led_to(holding, dataset):
            if subject.kind is kind:
                yield holding, subject, known


def _of_dead(bundle: Bundle, on: date) -> Iterator[Found]:
    for holding, _, known in _holders(bundle, Kind.PERSON, persons.CITIZEN):
        if known is not None and "bears" not in known.says and persons.died_before(known, on):
            yield Found((_place(bundle, holding), holding.record, known.record))


def _is_inheritance_open(bundle: Bundle) -> bool:
    parcel = bundle.first(_PARCEL)
    notes = parcel.says["notes"] if parcel is not None else ()
    return any(_INHERITANCE in vietnamese.fold(note) for note in notes)


def _place(bundle: Bundle, mention: Mention) -> Record:
    """Name the parcel; where it is not read itself, by the state of who mentions it."""
    parcel = bundle.first(_PARCEL)
    if parcel is not None:
        return parcel.record
    return Record(_PARCEL, bundle.subject.key, mention.record.change)
