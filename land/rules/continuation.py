"""Split and merger: everything that stood on the former parcels stands on the new ones."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from land import errors
from land.rules import parcels
from land.values.kinds import LineageKind, RightKind
from land.values.registrations import Part
from land.values.rights import Right


def require_reshaping(kind: LineageKind, befores: Sequence[str], parts: Sequence[Part]) -> None:
    """Refuse a split that does not make several of one, a merger that does not make one of several.

    Raises:
        WrongContinuation: the numbers of parcels do not fit, or one is named twice.

    Source:
        Law on Land 31/2024/QH15 art. 220 (splitting one parcel, merging several).
    """
    names = [*befores, *(part.parcel.parcel_id for part in parts)]
    counts = (len(befores), len(parts))
    fits = {
        LineageKind.SPLIT: counts[0] == 1 and counts[1] > 1,
        LineageKind.MERGE: counts[0] > 1 and counts[1] == 1,
        LineageKind.ADJUSTMENT: counts[0] > 1 and counts[1] > 1,
    }
    if not fits[kind] or len(set(names)) < len(names):
        raise _wrong("parts", "parcels.count", "Name each former and each new parcel once.")


def require_rights_continued(rights: Sequence[Right], parts: Sequence[Part]) -> None:
    """Refuse to lose a right, or to join rights of different holders into one.

    Args:
        rights: over the former parcels.
        parts: with the names under which the rights go on.

    Raises:
        WrongContinuation: a right goes on nowhere, the use of land not on every part, an unknown
            right is named, or different rights become one.

    Source:
        Law on Land 31/2024/QH15 art. 220 cl. 1-3 (the rights of users of adjoining and of merged
        parcels are kept; clauses recalled).
    """
    known = {right.right_id: right for right in rights}
    named = [name for part in parts for name in part.right_ids]
    if set(named) != known.keys():
        message = "Every right over the former parcels goes on, and no other."
        raise _wrong("right_ids", "rights.lost", message)
    new_names = [name for part in parts for name in sorted(set(part.right_ids.values()))]
    if len(set(new_names)) < len(new_names):
        message = "A right over each new parcel has its own name."
        raise _wrong("right_ids", "rights.name_twice", message)
    for name in new_names:
        parcels.require_id(name, field="right_ids")
    for part in parts:
        _require_joined(part.right_ids, known)


def _require_joined(right_ids: Mapping[str, str], known: Mapping[str, Right]) -> None:
    uses = {new for old, new in right_ids.items() if known[old].kind is RightKind.LAND_USE}
    if len(uses) != 1 and any(one.kind is RightKind.LAND_USE for one in known.values()):
        message = "On every new parcel the rights to use land go on as one."
        raise _wrong("right_ids", "rights.land_use", message)
    said: dict[str, object] = {}
    for old, new in right_ids.items():
        right = known[old]
        shares = frozenset((one.party, one.share) for one in right.holders)
        what = (right.kind, right.legal_form, right.legal_space_id, shares)
        if said.setdefault(new, what) != what:
            message = "Only rights of the same holders with the same shares become one."
            raise _wrong("right_ids", "rights.joined", message)


def require_spaces_continued(spaces: Collection[str], parts: Sequence[Part]) -> None:
    """Refuse to lose a space that stands on the former parcels, or to put it on two new ones.

    Raises:
        WrongContinuation: the spaces named are not exactly those that stand.

    Source:
        Law on Land 31/2024/QH15 art. 134 (what is attached to the land is certified with it).
    """
    named = [name for part in parts for name in part.legal_space_ids]
    if sorted(named) != sorted(spaces):
        message = "Every space on the former parcels stands on exactly one of the new ones."
        raise _wrong("legal_space_ids", "legal_spaces.lost", message)


def list_continued(rights: Sequence[Right], part: Part) -> tuple[Right, ...]:
    """List the rights over a new parcel, as they go on from the former ones, each once.

    Source:
        As `require_rights_continued`; a term that differs is the shorter one (Law on Land
        31/2024/QH15 art. 45 cl. 1: within the term).
    """
    found: dict[str, Right] = {}
    for right in rights:
        name = part.right_ids.get(right.right_id)
        if name is None:
            continue
        joined = [right] if name not in found else [right, found[name]]
        ends = [one.ends_on for one in joined if one.ends_on is not None]
        found[name] = replace(
            right,
            right_id=name,
            parcel_id=part.parcel.parcel_id,
            derived_from=part.right_ids.get(right.derived_from or ""),
            ends_on=min(ends, default=None),
        )
    return tuple(found.values())


def _wrong(field: str, rule: str, message: str) -> errors.WrongContinuation:
    return errors.WrongContinuation.of_field(field, rule, message)
