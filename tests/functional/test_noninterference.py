"""What an agreement does not show changes no answer: property over every dataset and operation.

NATDB_NONINTERFERENCE sets the cases for each register; the counts are printed with `-s`.
"""

import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from databases.settings import REGISTERS
from sharing_api.access_log.receipts import ReceiptSigner
from sharing_api.agreements import documents
from sharing_api.agreements.registry import Rights
from sharing_api.app import province_vintages
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.decision import QuotaKeeper
from tests.factories.exchange import make_agreement
from tests.functional import world
from tests.functional.conftest import Exchange
from tests.functional.noninterference import Asker, Prober
from tests.functional.test_scopes import ADULTS, MEN, TERMS
from tests.functional.test_unlogged import Reading
from tests.functional.world import CASES

CASES_EACH = int(os.environ.get("NATDB_NONINTERFERENCE", "8"))
CITIZEN = "population/citizen"
pytestmark = pytest.mark.usefixtures("every_register", "namesakes")


@pytest.fixture(scope="module")
def askers() -> list[Asker]:
    """Agreements that show little: some fields, one province, some people."""
    contents = dict(world.agreements())
    contents = {name: contents[name] for name in ("by-key", "by-words", "ca-mau")}
    for name, population in (("adults", ADULTS), ("men", MEN)):
        contents[name] = make_agreement(
            agreement=name, consumer=name, population=population, datasets={CITIZEN: TERMS}
        )
    return [
        Asker(
            name,
            documents.terms(
                documents.canonical(content), in_force=True, vintages=province_vintages
            ),
        )
        for name, content in contents.items()
    ]


@pytest.fixture(scope="module")
def prober(exchange: Exchange, askers: list[Asker]) -> Iterator[Prober]:
    """The corridor as it is, under these agreements alone."""
    corridor = Corridor(
        databases=exchange.databases,
        registry=Reading(Rights(agreements={one.terms.consumer: (one.terms,) for one in askers})),
        quota=QuotaKeeper(exchange.databases),
        signer=ReceiptSigner(
            exchange.keys.receipt,
            key_id=exchange.keys.receipt_key_id,
            issuer=exchange.settings.issuer,
            log_name=exchange.settings.log_name,
        ),
        subject_key=exchange.keys.subject,
        pseudonym_key=exchange.keys.pseudonym,
    )
    made = Prober(exchange, corridor, askers, seed=714)
    yield made
    made.close()
    sys.stdout.write("\n" + "\n".join(made.tally.lines()) + "\n")


def registers() -> list[Any]:
    known = {name.partition("/")[0] for name in CASES}
    return [one for one in REGISTERS if one in known]


class TestAnswers:
    @pytest.mark.parametrize("register", registers())
    def test_are_the_same_whatever_lies_outside(self, prober: Prober, register: str) -> None:
        assert prober.run(register, CASES_EACH) == []

    def test_are_other_ones_where_something_shown_has_changed(self, prober: Prober) -> None:
        # Otherwise nothing would have been looked at.
        assert prober.tally.seen_changes > 0
        assert prober.tally.compared > 100
        assert set(prober.tally.by_operation) == set(world.OPERATIONS)
        assert {200, 403, 404} <= set(prober.tally.by_status)
