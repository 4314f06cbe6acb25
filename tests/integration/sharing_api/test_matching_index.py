"""The index by likeness: filled through the corridor, kept current, asked for one and for many."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sqlalchemy import select, update

from databases import vietnamese
from databases.changes.versions import AsOf
from sharing_api import tables
from sharing_api.disclosure import catalogue
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.in_house import Desk, Errand
from sharing_api.matching import errors, model, records
from sharing_api.matching.frequencies import HERE
from sharing_api.matching.index import lessons, repository, sources
from sharing_api.matching.index.filling import Filler
from sharing_api.matching.index.keeping import Keeper, Opened
from sharing_api.matching.index.lookup import Lookup
from sharing_api.matching.index.values import Found, Kept
from sharing_api.worklists.errors import SealedByAnotherKey
from tests.conftest import read_clock

ON = date(2026, 12, 1)
LAW = "Data Law 60/2024/QH15 art. 12 and 17"
ERRAND = Errand("matching", "index", "registers.linkage", LAW, "index")
CITIZEN, ENTERPRISE = "population/citizen", "enterprise/enterprise"
HISTORY = "population/identity_history"
MODEL = model.read_model()
People = Sequence[Mapping[str, Any]]


@pytest.fixture(scope="module")
def keeper(corridor: Corridor) -> Keeper:
    return Keeper(corridor.subject_key)


@pytest.fixture(scope="module")
def filler(corridor: Corridor, keeper: Keeper) -> Filler:
    desk = Desk(corridor, read_clock)
    filler = Filler(desk, corridor.databases, keeper, ERRAND, MODEL, page=400)
    for dataset in (CITIZEN, HISTORY, ENTERPRISE):
        filler.update(dataset, ON, lambda *_: None)
    return filler


def opened(corridor: Corridor, keeper: Keeper, dataset: str) -> list[Opened]:
    """What the index keeps of the records of a dataset."""
    entry, index = tables.matching.entry, tables.matching.index
    wanted = (
        select(entry.c.sealed)
        .join(index, index.c.index_id == entry.c.index_id)
        .where(index.c.dataset == dataset)
        .order_by(entry.c.record_tag)
    )
    with corridor.databases.reading("exchange") as session:
        return [keeper.open_record(one) for one in session.scalars(wanted)]


def said(corridor: Corridor, keeper: Keeper, dataset: str) -> People:
    """What the records that the index has say in their register."""
    keys = [one.key for one in opened(corridor, keeper, dataset)]
    published = catalogue.DATASETS[dataset]
    wanted = frozenset(sources.published_fields(dataset))
    with corridor.databases.reading(published.register) as session:
        read = published.fetch(session, keys, wanted, AsOf(ON, None)).records
    return [{**sources.say(dataset, read[key]), "key": key} for key in keys]


@pytest.fixture(scope="module")
def people(corridor: Corridor, filler: Filler, keeper: Keeper) -> People:
    return said(corridor, keeper, CITIZEN)


def find(
    corridor: Corridor,
    keeper: Keeper,
    asked: People,
    fields: Sequence[str],
    dataset: str = CITIZEN,
    least: float = 0.5,
    most: int = 1,
) -> Found:
    columns = {name: pa.array([one.get(name) for one in asked]) for name in fields}
    with corridor.databases.reading("exchange") as session:
        return Lookup(keeper, MODEL).find(session, dataset, columns, most=most, least=least)


def share_found(found: Found, asked: People) -> float:
    right = [found.key[place] == asked[row]["key"] for place, row in enumerate(found.row)]
    return float(np.sum(right)) / len(asked)


class TestFind:
    # What two fields leave open in a small country, three tell.
    @pytest.mark.parametrize(
        "fields",
        [
            *combinations(("full_name", "birth_date", "address"), 2),
            ("full_name", "birth_date", "sex"),
            ("full_name", "birth_date", "sex", "address", "old_card_number"),
        ],
    )
    def test_finds_everybody_whatever_is_missing(
        self, corridor: Corridor, keeper: Keeper, people: People, fields: tuple[str, ...]
    ) -> None:
        asked = [one for one in people if all(name in one for name in fields[:3])]

        found = find(corridor, keeper, asked, fields)

        assert len(asked) > 1_000
        assert share_found(found, asked) > 0.9

    @pytest.mark.parametrize("dataset", [HISTORY, ENTERPRISE])
    def test_finds_what_has_several_values_or_is_a_firm(
        self, corridor: Corridor, filler: Filler, keeper: Keeper, dataset: str
    ) -> None:
        asked = said(corridor, keeper, dataset)
        fields = ("full_name", "birth_date", "address") if dataset == HISTORY else ("name",)
        last = [
            {name: v[-1] if isinstance(v, list) and v else v for name, v in one.items()}
            for one in asked
        ]

        found = find(corridor, keeper, last, fields, dataset)

        assert share_found(found, asked) > 0.9


class TestSpelling:
    def test_finds_by_a_name_of_which_two_words_are_wrong(
        self, corridor: Corridor, keeper: Keeper, people: People
    ) -> None:
        """A letter is wrong in the first word and in the last one: no key of the name is left."""
        asked = []
        for one in people[:60]:
            first, *middle, last = str(one["full_name"]).split()
            if middle:
                name = " ".join([misspell(first), *middle, misspell(last)])
                asked.append({"full_name": name, "key": one["key"]})

        found = [find_by_name(corridor, keeper, one["full_name"]) for one in asked]

        assert len(asked) > 30
        shares = [one["key"] in keys for one, keys in zip(asked, found, strict=True)]
        assert np.mean(shares) > 0.9

    def test_finds_a_firm_by_a_name_of_which_two_words_are_wrong(
        self, corridor: Corridor, filler: Filler, keeper: Keeper
    ) -> None:
        firms = [one for one in said(corridor, keeper, ENTERPRISE) if "name" in one][:80]
        names = [" ".join(misspell(word) for word in last_two(one)) for one in firms]
        asked = [
            str(one["name"]).rsplit(" ", 2)[0] + " " + name
            for one, name in zip(firms, names, strict=True)
        ]

        found = [find_by_name(corridor, keeper, name, ENTERPRISE) for name in asked]

        shares = [one["key"] in keys for one, keys in zip(firms, found, strict=True)]
        assert len(firms) > 30
        assert np.mean(shares) > 0.8

    def test_finds_nobody_by_a_name_like_no_other(
        self, corridor: Corridor, filler: Filler, keeper: Keeper
    ) -> None:
        assert find_by_name(corridor, keeper, "Wxqj Zzkw Fjqq") == ()


def misspell(word: str) -> str:
    """Leave the last letter of a word out, or double it in a short one."""
    plain = vietnamese.fold(word)
    return plain[:-1] if len(plain) > 2 else plain + plain[-1]


def last_two(one: Mapping[str, Any]) -> Sequence[str]:
    return str(one["name"]).split()[-2:]


def find_by_name(
    corridor: Corridor, keeper: Keeper, name: str, dataset: str = CITIZEN
) -> tuple[str, ...]:
    columns = {"full_name" if dataset == CITIZEN else "name": pa.array([name])}
    with corridor.databases.reading("exchange") as session:
        return Lookup(keeper, MODEL).find(session, dataset, columns, most=50, least=0.0).key


class TestSkew:
    def test_is_not_looked_up_and_costs_nothing(
        self, corridor: Corridor, filler: Filler, keeper: Keeper
    ) -> None:
        """A thousand namesakes, as many as Nguyễn Văn Hùng has: found by what tells them apart."""
        first = date(1960, 1, 1)
        namesakes = {
            f"skew-{number}": {
                "full_name": "Nguyễn Văn Hùng",
                "date_of_birth": (first + timedelta(days=17 * number)).isoformat(),
            }
            for number in range(1_000)
        }
        kept_too = filler.make_entries(CITIZEN, namesakes, 1)
        with corridor.databases.writing("exchange") as session:
            row = repository.open_index(session, CITIZEN, filler.version)
            repository.replace(session, (), kept_too, row.index_id)
        lessons.learn(corridor.databases, keeper, MODEL, row)
        try:
            born = namesakes["skew-432"]["date_of_birth"]
            asked = [{"full_name": "nguyen van hung", "birth_date": born}]
            found = find(corridor, keeper, asked, ("full_name", "birth_date"))
            nobody = find(corridor, keeper, asked, ("full_name",), least=0.0)
        finally:
            with corridor.databases.writing("exchange") as session:
                tags = [one.record_tag for one in kept_too]
                repository.replace(session, tags, (), row.index_id)
            lessons.learn(corridor.databases, keeper, MODEL, row)

        assert found.key == ("skew-432",)
        assert nobody.key == ()


class TestKeeping:
    def test_shows_nothing_without_the_key(
        self, corridor: Corridor, filler: Filler, people: People
    ) -> None:
        with corridor.databases.reading("exchange") as session:
            rows = session.execute(select(tables.matching.entry)).all()

        written = str([[bytes(row.record_tag), bytes(row.sealed)] for row in rows[:50]])
        words = {word for one in people for word in str(one.get("full_name")).split()}
        assert len(rows) > len(people)
        assert [
            word for word in words if word.isascii() and len(word) > 4 and word in written
        ] == []

    def test_under_another_key_is_another_index(self, keeper: Keeper) -> None:
        columns = {"full_name": pa.array(["Trần Văn An"]), "birth_date": pa.array(["1990"])}
        kinds = records.kinds_of(MODEL, "person", list(columns))
        data = records.read_as(kinds, dict.fromkeys(kinds, HERE), columns)
        rules = MODEL.index.rules("person")

        own = keeper.make_keys(CITIZEN, data, rules)[1]
        again = keeper.make_keys(CITIZEN, data, rules)[1]
        others = [
            Keeper(bytes(32)).make_keys(CITIZEN, data, rules)[1],
            keeper.make_keys(HISTORY, data, rules)[1],
        ]

        assert len(own) > 2
        assert np.array_equal(own, again)
        assert all(not np.isin(other, own).any() for other in others)
        with pytest.raises(SealedByAnotherKey):
            Keeper(bytes(32)).open_record(keeper.seal_record(Opened("1", 1, ["An"])))


class TestCurrency:
    def test_reads_only_what_changed(
        self, corridor: Corridor, filler: Filler, keeper: Keeper
    ) -> None:
        before = filler.update(CITIZEN, ON, lambda *_: None)

        assert before == 0
        assert not filler.is_behind(CITIZEN, ON)
        assert filler.is_behind(CITIZEN, ON + timedelta(days=1))

    def test_goes_on_behind_the_last_page_of_a_walk_that_broke_off(
        self, corridor: Corridor, filler: Filler, keeper: Keeper, people: People
    ) -> None:
        """Filled anew, and killed after its first page: the next walk reads the rest alone."""
        before = opened(corridor, keeper, CITIZEN)
        with corridor.databases.writing("exchange") as session:
            row = repository.open_index(session, CITIZEN, "an older version")
            assert row.change is None
        pages = []

        def break_off(step: str, done: int) -> None:
            pages.append((step, done))
            raise InterruptedError

        with pytest.raises(InterruptedError):
            filler.update(CITIZEN, ON, break_off)
        with pytest.raises(errors.NotLearned):  # half of it would say of the others: nobody
            find(corridor, keeper, people[:1], ("full_name", "birth_date"))
        rest = filler.update(CITIZEN, ON, lambda *_: None)

        assert pages == [("reading", 400)]
        assert rest == len(people) - 400
        assert opened(corridor, keeper, CITIZEN) == before

    def test_makes_entries_of_an_older_encoding_anew(
        self, corridor: Corridor, filler: Filler, keeper: Keeper
    ) -> None:
        """What another version of the program kept is no longer read, and not left to lie."""
        entry, index = tables.matching.entry, tables.matching.index
        with corridor.databases.writing("exchange") as session:
            row = repository.open_index(session, ENTERPRISE, filler.version)
            session.execute(
                update(index).where(index.c.index_id == row.index_id).values(version="1.1")
            )
            old = keeper.seal_bytes(b'["0", 1, {"name": "An"}]')
            wanted = select(entry.c.record_tag, entry.c["keys"]).where(
                entry.c.index_id == row.index_id
            )
            kept = [
                Kept(bytes(one.record_tag), np.array(one[1]), old)
                for one in session.execute(wanted)
            ]
            repository.replace(session, [one.record_tag for one in kept], kept, row.index_id)
        assert filler.is_behind(ENTERPRISE, ON)

        read = filler.update(ENTERPRISE, ON, lambda *_: None)

        anew = opened(corridor, keeper, ENTERPRISE)
        assert read == len(anew) > 100
        assert all(len(one.values) == len(sources.kinds_of(MODEL, ENTERPRISE)) for one in anew)
        assert not filler.is_behind(ENTERPRISE, ON)


class TestBatch:
    def test_inserts_and_matches_new_records_together(
        self, corridor: Corridor, filler: Filler, keeper: Keeper, people: People
    ) -> None:
        """A batch finds whom each of it is, one question at a time finds the same."""
        asked = [one for one in people if {"full_name", "birth_date", "sex"} <= one.keys()][:300]
        fields = ("full_name", "birth_date", "sex", "address")
        new = {
            f"new-{number}": {"full_name": one["full_name"], "date_of_birth": one["birth_date"]}
            for number, one in enumerate(asked)
        }
        together = find(corridor, keeper, asked, fields)
        with corridor.databases.writing("exchange") as session:
            row = repository.open_index(session, CITIZEN, filler.version)
            made = filler.make_entries(CITIZEN, new, 1)
            repository.replace(session, (), made, row.index_id)
        try:
            inserted = find(corridor, keeper, asked, ("full_name", "birth_date"), least=0.0, most=5)
        finally:
            with corridor.databases.writing("exchange") as session:
                repository.replace(session, [one.record_tag for one in made], (), row.index_id)

        alone = [find(corridor, keeper, [one], fields) for one in asked[:40]]
        assert share_found(together, asked) > 0.9
        assert len(new.keys() & set(inserted.key)) > 0.9 * len(new)
        assert [one.key for one in alone] == [
            tuple(key for key, row in zip(together.key, together.row, strict=True) if row == place)
            for place in range(40)
        ]
