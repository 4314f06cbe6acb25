"""The index by likeness: filled through the corridor, kept current, asked for one and for many."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from sqlalchemy import select

from sharing_api import tables
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.in_house import Desk, Errand
from sharing_api.matching import model
from sharing_api.matching.index import repository
from sharing_api.matching.index.filling import Filler
from sharing_api.matching.index.keeping import Keeper
from sharing_api.matching.index.lookup import Lookup
from tests.integration.sharing_api.conftest import NOW

ON = date(2026, 12, 1)
LAW = "Data Law 60/2024/QH15 art. 12 and 17"
ERRAND = Errand("matching", "index", "registers.linkage", LAW, "index")
CITIZEN = "population/citizen"
MODEL = model.read_model()


@pytest.fixture(scope="module")
def keeper(corridor: Corridor) -> Keeper:
    return Keeper(corridor.subject_key)


@pytest.fixture(scope="module")
def filler(corridor: Corridor, keeper: Keeper) -> Filler:
    desk = Desk(corridor, lambda: NOW)
    filler = Filler(desk, corridor.databases, keeper, ERRAND, MODEL, page=400)
    for dataset in (CITIZEN, "enterprise/enterprise"):
        filler.update(dataset, ON, lambda *_: None)
    return filler


@pytest.fixture(scope="module")
def people(corridor: Corridor, filler: Filler, keeper: Keeper) -> list[dict[str, str]]:
    """What the index keeps of all citizens."""
    with corridor.databases.reading("exchange") as session:
        sealed = session.scalars(
            select(tables.matching_entry.c.sealed).order_by(tables.matching_entry.c.record_tag)
        ).all()
    opened = [keeper.open_record(one) for one in sealed]
    return [{**one.says, "key": one.key} for one in opened if "full_name" in one.says]


class TestFind:
    def test_finds_everybody_by_what_the_register_says(
        self, corridor: Corridor, keeper: Keeper, people: list[dict[str, str]]
    ) -> None:
        fields = ("full_name", "birth_date", "sex", "address")
        columns = {name: pa.array([one.get(name) for one in people]) for name in fields}
        lookup = Lookup(keeper, MODEL)

        with corridor.databases.reading("exchange") as session:
            found = lookup.find(session, CITIZEN, columns, most=1, least=0.5)

        right = [found.key[place] == people[row]["key"] for place, row in enumerate(found.row)]
        print(len(people), len(found.row), np.mean(right))
        assert np.mean(right) > 0.9
