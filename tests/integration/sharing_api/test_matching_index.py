"""The index by likeness: filled through the corridor, kept current, asked for one and for many."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sqlalchemy import select

from sharing_api import tables
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.in_house import Desk, Errand
from sharing_api.matching import model
from sharing_api.matching.index.filling import Filler
from sharing_api.matching.index.keeping import Keeper
from sharing_api.matching.index.lookup import Lookup
from sharing_api.matching.index.values import Found
from tests.integration.sharing_api.conftest import NOW

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
    desk = Desk(corridor, lambda: NOW)
    filler = Filler(desk, corridor.databases, keeper, ERRAND, MODEL, page=400)
    for dataset in (CITIZEN, HISTORY, ENTERPRISE):
        filler.update(dataset, ON, lambda *_: None)
    return filler


def kept(corridor: Corridor, keeper: Keeper, dataset: str) -> People:
    """What the index keeps of the records of a dataset."""
    entry, index = tables.matching.entry, tables.matching.index
    wanted = (
        select(entry.c.sealed)
        .join(index, index.c.index_id == entry.c.index_id)
        .where(index.c.dataset == dataset)
        .order_by(entry.c.record_tag)
    )
    with corridor.databases.reading("exchange") as session:
        opened = [keeper.open_record(one) for one in session.scalars(wanted)]
    return [{**one.says, "key": one.key} for one in opened]


@pytest.fixture(scope="module")
def people(corridor: Corridor, filler: Filler, keeper: Keeper) -> People:
    return kept(corridor, keeper, CITIZEN)


def find(
    corridor: Corridor,
    keeper: Keeper,
    asked: People,
    fields: Sequence[str],
    dataset: str = CITIZEN,
    least: float = 0.5,
) -> Found:
    columns = {name: pa.array([one.get(name) for one in asked]) for name in fields}
    with corridor.databases.reading("exchange") as session:
        return Lookup(keeper, MODEL).find(session, dataset, columns, most=1, least=least)


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
        asked = kept(corridor, keeper, dataset)
        fields = ("full_name", "birth_date", "address") if dataset == HISTORY else ("name",)
        last = [
            {name: v[-1] if isinstance(v, list) and v else v for name, v in one.items()}
            for one in asked
        ]

        found = find(corridor, keeper, last, fields, dataset)

        assert share_found(found, asked) > 0.9
