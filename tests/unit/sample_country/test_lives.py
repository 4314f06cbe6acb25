"""Marriages, losses, homes and the frames that tell them."""

import itertools
from collections import Counter, defaultdict
from datetime import date
from typing import Any

import numpy as np
import pytest

from databases.code_lists import values as lists
from databases.code_lists.catalogue import Catalogue
from sample_country import draws, population_frames
from sample_country.columns import Frame
from sample_country.country import Country
from sample_country.geography import REFORM
from sample_country.lives import ALIVE, DEAD, NEVER


@pytest.fixture(scope="session")
def frames(drawn: Country) -> dict[str, Frame]:
    return dict(population_frames.build(drawn))


def rows_of(frame: Frame, *names: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = frame.select(list(names)).to_pylist()
    return rows


class TestMarriages:
    def test_are_of_legal_age(self, drawn: Country) -> None:
        married = drawn.events.married_on > NEVER
        sex = drawn.persons.structure.sex
        age = drawn.events.married_on - draws.same_day(drawn.persons.born, 18)
        men = drawn.events.married_on - draws.same_day(drawn.persons.born, 20)

        assert (age[married & (sex == 1)] >= 0).all()
        assert (men[married & (sex == 0)] >= 0).all()

    def test_are_on_the_same_day_for_both(self, drawn: Country) -> None:
        spouse = drawn.persons.structure.spouse
        rows = np.flatnonzero(spouse >= 0)

        assert np.array_equal(drawn.events.married_on[rows], drawn.events.married_on[spouse[rows]])

    def test_end_with_the_death_of_one(self, drawn: Country) -> None:
        spouse, events = drawn.persons.structure.spouse, drawn.events
        rows = np.flatnonzero((spouse >= 0) & (events.loss == ALIVE))
        rows = rows[events.loss[spouse[rows]] == DEAD]

        assert len(rows) > 0
        assert np.array_equal(events.ended_on[rows], events.lost_on[spouse[rows]])


class TestPersonFrame:
    def test_versions_of_a_person_follow_each_other(self, frames: dict[str, Frame]) -> None:
        held: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in rows_of(
            frames["person"], "pin", "valid_from", "valid_to", "marital_status", "loss_kind"
        ):
            held[row["pin"]].append(row)
        for versions in held.values():
            for earlier, later in itertools.pairwise(versions):
                assert earlier["valid_to"] == later["valid_from"]
            assert versions[0]["marital_status"] == "single"
            assert versions[-1]["valid_to"] is None
        assert {row["marital_status"] for rows in held.values() for row in rows} == {
            "single",
            "married",
            "divorced",
            "widowed",
        }

    def test_the_lost_keep_their_last_status(self, frames: dict[str, Frame]) -> None:
        rows = rows_of(frames["person"], "pin", "marital_status", "loss_kind", "loss_date")
        lost = [
            (before, row)
            for before, row in itertools.pairwise(rows)
            if row["loss_kind"] is not None
        ]

        assert any(row["loss_kind"] == "dead" for _, row in lost)
        assert all(before["pin"] == row["pin"] for before, row in lost)
        assert all(before["marital_status"] == row["marital_status"] for before, row in lost)


class TestResidenceFrame:
    def test_the_reform_ends_old_communes_and_begins_new_ones(
        self, frames: dict[str, Frame], catalogue: Catalogue
    ) -> None:
        rows = rows_of(
            frames["residence"],
            *("pin", "kind", "commune_code", "commune_version", "valid_from", "valid_to"),
        )
        before = {
            (row["pin"], row["kind"]): row["commune_code"]
            for row in rows
            if row["valid_to"] == REFORM
        }
        after = {
            (row["pin"], row["kind"]): row["commune_code"]
            for row in rows
            if row["valid_from"] == REFORM
        }
        for row in rows:
            is_new = row["commune_version"] == lists.SINCE_REFORM
            assert is_new == (row["valid_from"] >= REFORM)
            assert is_new or row["valid_to"] is not None
            catalogue.get(lists.COMMUNE, row["commune_version"], row["commune_code"])
        for key in list(before)[:500]:
            candidates = catalogue.convert(
                lists.COMMUNE, before[key], lists.BEFORE_REFORM, lists.SINCE_REFORM
            )
            assert after[key] in {candidate.code.code for candidate in candidates}

    def test_nobody_has_two_places_of_a_kind_on_a_day(self, frames: dict[str, Frame]) -> None:
        held: dict[tuple[str, str], list[tuple[date, date]]] = defaultdict(list)
        for row in rows_of(frames["residence"], "pin", "kind", "valid_from", "valid_to"):
            held[row["pin"], row["kind"]].append((row["valid_from"], row["valid_to"] or date.max))
        for periods in held.values():
            periods.sort()
            for earlier, later in itertools.pairwise(periods):
                assert earlier[1] <= later[0]
        assert {kind for _, kind in held} == {"permanent", "temporary", "current"}

    def test_temporary_registration_lasts_two_years_at_most(self, frames: dict[str, Frame]) -> None:
        spans: dict[str, list[date]] = defaultdict(list)
        for row in rows_of(frames["residence"], "pin", "kind", "valid_from", "valid_to"):
            if row["kind"] == "temporary":
                spans[row["pin"]] += [row["valid_from"], row["valid_to"]]

        assert spans
        assert all((max(days) - min(days)).days <= 731 for days in spans.values())


class TestKinshipFrame:
    def test_every_relation_is_written_for_both(self, frames: dict[str, Frame]) -> None:
        rows = rows_of(frames["kinship"], "pin", "role", "ordinal", "relative_pin")
        pairs = Counter((row["pin"], row["relative_pin"]) for row in rows)

        assert all(pairs[other, one] == count for (one, other), count in pairs.items())

    def test_key_is_unique(self, frames: dict[str, Frame]) -> None:
        rows = rows_of(frames["kinship"], "pin", "role", "ordinal")
        keys = Counter((row["pin"], row["role"], row["ordinal"]) for row in rows)

        assert max(keys.values()) == 1
        assert max(row["ordinal"] for row in rows) > 1


class TestIdentityCardFrame:
    def test_expire_on_a_birthday_of_the_law(self, frames: dict[str, Frame]) -> None:
        born = {
            row["pin"]: row["birth_date"] for row in rows_of(frames["person"], "pin", "birth_date")
        }
        rows = rows_of(frames["identity_card"], "pin", "issued_on", "expires_on")
        ages = set()
        for row in rows:
            birth = born[row["pin"]]
            assert row["issued_on"].year >= 2021
            if row["expires_on"] is not None:
                assert row["expires_on"] > row["issued_on"]
                ages.add(row["expires_on"].year - birth.year)

        assert ages == {25, 40, 60}
