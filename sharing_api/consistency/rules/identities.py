"""What is said of a name and a day of birth, or of an old card number: who may be one person."""

from collections.abc import Iterator
from datetime import date

from sharing_api.consistency.values import Bundle, Confidence, Found, Mention

_CITIZEN, _PARTICIPANT = "population/citizen", "insurance/participant"


def second_number(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find participants without a personal number beside one of the same name, birth and sex.

    Doubtful where several fit: names are few and days of birth repeat.

    Source:
        Law on Social Insurance 41/2024/QH15 (one number for life; article not verified); Decision
        1351/QĐ-BHXH.
    """
    for one in _without_number(bundle):
        others = _alike(bundle, one)
        if others:
            confidence = None if len(others) == 1 else Confidence.DOUBTFUL
            yield Found((one.record, *(other.record for other in others)), confidence)


def number_missing(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find participants without a personal number whom no other participant is like.

    Doubtful where not exactly one citizen of that name, birth and sex is known.

    Source:
        Law on Identity 26/2023/QH15 art. 12 (the number links the registers).
    """
    for one in _without_number(bundle):
        if _alike(bundle, one):
            continue
        citizens = [c for c in bundle.of(_CITIZEN) if c.says["sex"] == one.says["sex"]]
        confidence = None if len(citizens) == 1 else Confidence.DOUBTFUL
        yield Found((one.record, *(citizen.record for citizen in citizens)), confidence)


def persons_alike(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find citizens of the same name, day of birth, sex and commune: perhaps registered twice.

    Source:
        Law on Identity 26/2023/QH15 art. 12 (one number for one citizen).
    """
    groups: dict[tuple[str, str], list[Mention]] = {}
    for one in bundle.of(_CITIZEN):
        if one.says["commune"] is not None:
            groups.setdefault((one.says["sex"], one.says["commune"]), []).append(one)
    for group in groups.values():
        if len(group) > 1:
            yield Found(tuple(one.record for one in group))


def old_card_shared(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find citizens with one old card number; they were issued twice at times: this only warns.

    Source:
        Law on Identity 26/2023/QH15 art. 46 (old cards; clause not verified). That numbers of old
        cards repeat is recalled only.
    """
    records = tuple(one.record for one in bundle.of(_CITIZEN))
    if len(records) > 1:
        yield Found(records)


def _without_number(bundle: Bundle) -> list[Mention]:
    return [one for one in bundle.of(_PARTICIPANT) if not one.says["pin"]]


def _alike(bundle: Bundle, participant: Mention) -> list[Mention]:
    return [
        other
        for other in bundle.of(_PARTICIPANT)
        if other.says["pin"] and other.says["sex"] == participant.says["sex"]
    ]
