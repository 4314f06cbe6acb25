"""What is read of each register, and what its records say of whom.

A record becomes mentions: one for each subject that it speaks of, with the facts that rules read.
When what is kept of a record changes, `VERSION` grows and the next run reads everything anew.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from databases import vietnamese
from sharing_api.consistency.values import Kind, Mention, Record, Subject

VERSION = 1
_REGISTERS = ("population", "enterprise", "land", "insurance", "finance")
_WHOLE_DAY = 10  # characters of YYYY-MM-DD
_ENDED = "7"
_PIN, _ENTERPRISE = "pin:", "enterprise:"
_PIN_DIGITS = 12

Values = Mapping[str, Any]
# Subject, facts, and the subjects that it leads to.
Said = Iterator[tuple[Subject, Values, tuple[Subject, ...]]]


@dataclass(frozen=True)
class Source:
    """How a dataset is read.

    Args:
        dataset: `register/dataset`.
        fields: asked for whenever the dataset is read as a whole.
        shown: asked for when somebody looks at a finding about one of its records.
        speak: gives what a record says, by its key and values.
    """

    dataset: str
    fields: tuple[str, ...]
    shown: tuple[str, ...]
    speak: Callable[[str, Values], Said]

    @property
    def joined_with(self) -> tuple[str, ...]:
        """The other registers of the comparison."""
        return tuple(one for one in _REGISTERS if one != self.dataset.partition("/")[0])

    def list_mentions(self, key: str, values: Values, change: int) -> list[Mention]:
        """List what a record says of whom."""
        record = Record(self.dataset, key, change)
        return [Mention(who, record, says, ties) for who, says, ties in self.speak(key, values)]


def _party(reference: str) -> Subject | None:
    """Name who is behind a reference such as pin:… or enterprise:…; None for all others."""
    for prefix, kind in ((_PIN, Kind.PERSON), (_ENTERPRISE, Kind.ENTERPRISE)):
        if reference.startswith(prefix):
            return Subject(kind, reference.removeprefix(prefix))
    return None


def _numbered(number: str) -> Subject:
    return Subject(Kind.PERSON if len(number) == _PIN_DIGITS else Kind.ENTERPRISE, number)


def _identity(name: str, born: str) -> Subject | None:
    """Name who has this name and this day of birth; a year alone tells nobody apart."""
    if len(born) != _WHOLE_DAY:
        return None
    return Subject(Kind.IDENTITY, f"{vietnamese.name_key(name)}|{born}")


def _code(value: Values | None) -> str | None:
    return None if value is None else str(value["code"])


def _citizen(key: str, values: Values) -> Said:
    own = Subject(Kind.PERSON, key)
    if values["pin"] != key:
        yield own, {"bears": values["pin"]}, ()  # a number that was cancelled
        return
    loss = values["death_or_missing_date"] or {}
    home = (values["permanent_residence"] or {}).get("commune") or {}
    sex = _code(values["sex"])
    yield (
        own,
        {
            "name": values["full_name"],
            "born": values["date_of_birth"],
            "sex": sex,
            "died": loss["date"] if loss.get("kind") == "dead" else None,
            "commune": home.get("code"),
            "commune_version": home.get("version"),
        },
        (),
    )
    who = _identity(values["full_name"], values["date_of_birth"])
    if who is not None:
        yield who, {"sex": sex, "commune": home.get("code")}, ()
    if values["old_id_9"]:
        yield Subject(Kind.OLD_CARD, values["old_id_9"]), {"born": values["date_of_birth"]}, ()


def _enterprise(key: str, values: Values) -> Said:
    is_ended = _code(values["legal_status"]) == _ENDED
    since = [one["from"] for one in values["status_history"] if one["status"]["code"] == _ENDED]
    ended = max(filter(None, since), default="") if is_ended else None
    yield Subject(Kind.ENTERPRISE, key), {"ended": ended, "is_ended": is_ended}, ()
    if is_ended:
        return
    people: dict[Subject, list[str]] = {}
    for role in ("legal_representatives", "owners"):
        for one in values[role]:
            who = _party(one["party"])
            if who is not None and who.kind is Kind.PERSON:
                people.setdefault(who, []).append(role)
    for who, roles in people.items():
        yield who, {"roles": roles}, ()


def _holding(key: str, values: Values) -> Said:
    who = _numbered(key)
    kinds: dict[Subject, set[str]] = {}
    for one in values["rights"]:
        place = Subject(Kind.PARCEL, one["parcel"]["parcel_id"])
        kinds.setdefault(place, set()).add(one["kind"])
    yield who, {"names": values["names"]}, tuple(kinds)
    for place, held in kinds.items():
        yield place, {"rights": sorted(held)}, (who,)


def _parcel(key: str, values: Values) -> Said:
    notes = [
        one["note"] for one in values["restrictions"] if one["kind"] == "other" and one["note"]
    ]
    yield Subject(Kind.PARCEL, key), {"notes": notes}, ()


def _participant(key: str, values: Values) -> Said:
    sex = _code(values["sex"])
    if values["pin"]:
        says = {"name": values["full_name"], "born": values["date_of_birth"], "sex": sex}
        yield Subject(Kind.PERSON, values["pin"]), says, ()
    who = _identity(values["full_name"], values["date_of_birth"])
    if who is not None:
        yield who, {"pin": values["pin"], "sex": sex}, ()


def _contribution(key: str, values: Values) -> Said:
    going_on = sorted({one["unit_code"] for one in values["spells"] if one["valid_to"] is None})
    if values["pin"] and going_on:
        yield Subject(Kind.PERSON, values["pin"]), {"units": len(going_on)}, ()
    for unit in going_on:
        yield Subject(Kind.UNIT, unit), {}, ()


def _employer(key: str, values: Values) -> Said:
    code = values["enterprise_code"]
    unit = Subject(Kind.UNIT, key)
    if code is None:
        return
    firm = Subject(Kind.ENTERPRISE, code)
    yield unit, {"enterprise": code}, (firm,)
    yield firm, {}, (unit,)


def _taxpayer(key: str, values: Values) -> Said:
    duties = [[one["tax_period"], one["assessed_on"]] for one in values["duties"]]
    last = max(duties, key=lambda one: one[1], default=None)
    yield _numbered(values["taxpayer_code"]), {"last_duty": last, "name": values["name"]}, ()


def _asset(key: str, values: Values) -> Said:
    if values["parcel_id"] and not values["disposed_on"]:
        yield Subject(Kind.PARCEL, values["parcel_id"]), {}, ()


SOURCES: tuple[Source, ...] = (
    Source(
        "population/citizen",
        (
            "pin", "full_name", "date_of_birth", "sex", "death_or_missing_date",
            "permanent_residence", "old_id_9",
        ),
        ("pin", "full_name", "date_of_birth", "death_or_missing_date"),
        _citizen,
    ),
    Source(
        "enterprise/enterprise",
        ("enterprise_code", "legal_status", "status_history", "legal_representatives", "owners"),
        ("enterprise_code", "name_vi", "legal_status"),
        _enterprise,
    ),
    Source(
        "land/holding",
        ("party_number", "names", "rights"),
        ("party_number", "names"),
        _holding,
    ),
    Source("land/parcel", ("parcel_id", "restrictions"), ("parcel_id", "restrictions"), _parcel),
    Source(
        "insurance/participant",
        ("participant_no", "pin", "full_name", "date_of_birth", "sex"),
        ("participant_no", "pin", "full_name", "date_of_birth"),
        _participant,
    ),
    Source(
        "insurance/contribution",
        ("participant_no", "pin", "spells"),
        ("participant_no", "pin", "full_name"),
        _contribution,
    ),
    Source(
        "insurance/employer",
        ("unit_code", "enterprise_code"),
        ("unit_code", "enterprise_code", "employer_name"),
        _employer,
    ),
    Source(
        "finance/taxpayer",
        ("taxpayer_code", "name", "duties"),
        ("taxpayer_code", "name"),
        _taxpayer,
    ),
    Source(
        "finance/public_asset",
        ("asset_code", "parcel_id", "disposed_on"),
        ("asset_code", "name_vi", "parcel_id"),
        _asset,
    ),
)  # fmt: skip
BY_DATASET: Mapping[str, Source] = {one.dataset: one for one in SOURCES}
