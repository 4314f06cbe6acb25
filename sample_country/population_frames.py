"""The frames of the population register: persons, residence, households, kinship, cards."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from databases import vietnamese
from sample_country import columns, draws, living_frames, people
from sample_country.columns import Column, Frame
from sample_country.country import Country, Topic
from sample_country.draws import Texts
from sample_country.geography import Geography
from sample_country.households import REFERENCE_DAY
from sample_country.lives import DEAD, NEVER, SINGLE, Lives
from sample_country.living_frames import Living
from sample_country.people import Persons

_TODAY = draws.day_number(REFERENCE_DAY)
_PRECISIONS: list[str | None] = ["day", "month", "year"]
_SEXES: list[str | None] = ["male", "female"]
_STATUSES: list[str | None] = ["single", "married", "divorced", "widowed"]
_LOSSES: list[str | None] = [None, "dead", "missing"]
_BLOOD: list[str | None] = ["unknown", "A", "B", "AB", "O"]
_BLOOD_WEIGHTS = (0, 2, 3, 0.5, 4.5)
_CARD_AGES = (14, 25, 40, 60)  # Law on Identity 26/2023/QH15 art. 21
_CARD_SLACK = 730
_CHIP_CARDS_SINCE = draws.day_number(date(2021, 1, 1))
_NEW_CARDS_SINCE = draws.day_number(date(2024, 7, 1))
_HAS_PHONE, _HAS_EMAIL, _HAS_BLOOD = 0.85, 0.25, 0.08
# No operator has numbers that start with 050: nobody's telephone rings.
_PHONE_STEM = 500_000_000


def build(drawn: Country) -> Mapping[str, Frame]:
    """Make the frames of the population register, by name of the table."""
    rng = drawn.randomness(Topic.POPULATION_FRAMES)
    persons, events, places = drawn.persons, drawn.events, drawn.places
    pin = columns.digits(persons.pin, 12)
    household = persons.structure.household
    file_no = columns.digits(np.arange(int(household[-1]) + 1) + 1, 9)
    home_region = places.region[places.commune_province[persons.home]]
    local = columns.local_addresses(rng, home_region, places.is_town[persons.home])
    living = living_frames.Living(persons, events, places, pin, file_no, local)
    return {
        "person": _persons(rng, living),
        "residence": living_frames.residences(rng, living),
        "household": living_frames.households(living),
        "household_member": living_frames.members(living),
        "kinship": living_frames.kinships(living),
        "identity_card": _cards(rng, persons, events, pin),
    }


def _name_keys(full: Texts) -> Column:
    keys = {name: vietnamese.name_key(name) for name in dict.fromkeys(full.tolist())}
    return pa.array([keys[name] for name in full.tolist()])


def _persons(rng: np.random.Generator, living: Living) -> Frame:
    persons, structure = living.persons, living.persons.structure
    count = structure.count
    blood = np.where(rng.random(count) < _HAS_BLOOD, draws.pick(rng, _BLOOD_WEIGHTS, count), 0)
    base = {
        "pin": living.pin,
        "full_name": pa.array(persons.name.full),
        "family_name": pa.array(persons.name.family),
        "middle_name": pa.array(persons.name.middle),
        "given_name": pa.array(persons.name.given),
        "name_key": _name_keys(persons.name.full),
        "birth_date": columns.days(persons.born),
        "birth_precision": columns.words(_PRECISIONS, persons.precision),
        "sex": columns.words(_SEXES, structure.sex),
        **_origin_places(persons, living.places),
        "ethnicity_code": columns.digits(persons.ethnicity, 2),
        "nationality_codes": columns.same(f"{{{columns.COUNTRY}}}", count),
        "blood_group": columns.words(_BLOOD, blood),
        "old_id_9": columns.digits(persons.old_card, 9, missing=persons.old_card < 0),
        "residence_file_no": living.file_no.take(pa.array(structure.household)),
        **_contacts(rng, persons),
        "temporary_absence": columns.words(["none", "declared"], living.events.is_away.astype(int)),
        "other": columns.same("{}", count),
    }
    return _person_versions(columns.pick_frame(base), persons, living.events)


def _origin_places(persons: Persons, places: Geography) -> dict[str, Column]:
    new_home = persons.new_home[persons.structure.household]
    is_new = persons.is_born_after_reform
    found: dict[str, Column] = {}
    for prefix in ("birth_place_", "birth_registration_"):
        found |= columns.either_place(places, persons.birthplace, new_home, is_new, prefix)
    found |= columns.old_place(places, persons.native, "native_place_")
    country = columns.same(columns.COUNTRY, persons.structure.count)
    for prefix in ("birth_place_", "birth_registration_", "native_place_"):
        found[f"{prefix}country_code"] = country
    return found


def _contacts(rng: np.random.Generator, persons: Persons) -> dict[str, Column]:
    count = persons.structure.count
    age = (_TODAY - persons.born) / 365.25
    phone = _PHONE_STEM + rng.integers(0, 10_000_000, count)
    has_no_phone = (age < 15) | (rng.random(count) > _HAS_PHONE)
    number = pa.array(np.arange(count)).cast(pa.string())
    email = pc.binary_join_element_wise("sample.", number, "@example.org", "")
    has_email = pa.array((age > 16) & (rng.random(count) < _HAS_EMAIL))
    return {
        "mobile_no": columns.digits(phone, 10, missing=has_no_phone),
        "email": pc.if_else(has_email, email, None),
    }


def _person_versions(base: Frame, persons: Persons, events: Lives) -> Frame:
    """Make a version for each marital status and one from the loss on."""
    everyone = np.arange(persons.structure.count)
    has_married = np.flatnonzero(events.married_on > NEVER)
    has_ended = np.flatnonzero(events.ended_on > NEVER)
    is_lost = np.flatnonzero(events.lost_on > NEVER)
    row = np.concatenate([everyone, has_married, has_ended, is_lost])
    start = np.concatenate(
        [
            persons.born,
            events.married_on[has_married],
            events.ended_on[has_ended],
            events.lost_on[is_lost],
        ]
    )
    kind = np.repeat([0, 1, 2, 3], [len(everyone), len(has_married), len(has_ended), len(is_lost)])
    order = np.lexsort((kind, start, row))
    row, start, kind = row[order], start[order], kind[order]
    status = np.select([kind == 0, kind == 1, kind == 2], [SINGLE, 1, events.ended_as[row]], -1)
    # A loss does not change the status: the one before it stands on (it is never the first).
    status = np.where(kind == 3, np.roll(status, 1), status)
    is_last = np.append(row[1:] != row[:-1], [True])
    loss = np.where(kind == 3, events.loss[row], 0)
    frame = base.take(pa.array(row))
    frame = frame.append_column("marital_status", columns.words(_STATUSES, status))
    frame = frame.append_column("loss_kind", columns.words(_LOSSES, loss))
    frame = frame.append_column("loss_date", columns.days(start, missing=loss == 0))
    frame = frame.append_column(
        "loss_precision", columns.words(_PRECISIONS, np.where(loss == 0, -1, people.DAY))
    )
    return columns.with_period(frame, start, np.roll(start, -1), is_last)


def _cards(rng: np.random.Generator, persons: Persons, events: Lives, pin: Column) -> Frame:
    """Make the newest card of everybody of age for one: valid to 25, 40, 60 and then for good."""
    birthdays = [draws.same_day(persons.born, age) for age in _CARD_AGES]
    alive_until = np.where(events.loss == DEAD, events.lost_on, _TODAY)
    # A card issued within two years before a limit is valid up to the next one.
    reached = [birthdays[0] < alive_until] + [
        birthday - _CARD_SLACK < alive_until for birthday in birthdays[1:]
    ]
    step = np.sum(reached, axis=0) - 1
    rows = np.flatnonzero(step >= 0)
    step = step[rows]
    matrix = np.stack(birthdays, axis=1)[rows]
    begin = matrix[np.arange(len(rows)), step] - np.where(step > 0, _CARD_SLACK, 0)
    issued = draws.between(rng, np.maximum(begin, _CHIP_CARDS_SINCE), alive_until[rows] - 1)
    has_card = issued < alive_until[rows]
    rows, step, matrix, issued = rows[has_card], step[has_card], matrix[has_card], issued[has_card]
    is_for_good = step == len(_CARD_AGES) - 1
    expires = matrix[np.arange(len(rows)), np.minimum(step + 1, len(_CARD_AGES) - 1)]
    kinds = columns.words(["CCCD_CHIP", "CAN_CUOC"], (issued >= _NEW_CARDS_SINCE).astype(np.int64))
    frame = columns.pick_frame(
        {
            "pin": pin.take(pa.array(rows)),
            "card_type": kinds,
            "issued_on": columns.days(issued),
            "issued_by": columns.words(
                ["Cục Cảnh sát quản lý hành chính về trật tự xã hội", "Bộ Công an"],
                (issued >= _NEW_CARDS_SINCE).astype(np.int64),
            ),
            "expires_on": columns.days(expires, missing=is_for_good),
        }
    )
    return columns.with_period(frame, issued, issued, np.ones(len(rows), dtype=np.bool_))
