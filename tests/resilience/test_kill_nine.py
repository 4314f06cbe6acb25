import dataclasses
import time

import pytest
from sqlalchemy import text

from tests.resilience import checks, kill_nine, load
from tests.resilience import site as sites

_HOLDERS = text("""
    SELECT count(*) FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND objsubid = 1
      AND objid::bigint = (hashtext('integrator')::bigint & 4294967295)
""")


def receive(site: sites.Site) -> load.Receipt:
    heard = load.Heard()
    heard.note(load.ask_once(site.port, load.look_up(), load.get_token(site)))
    return heard.receipts[0]


@pytest.fixture(scope="module")
def fall(ordeal: kill_nine.Ordeal) -> kill_nine.Point:
    """PostgreSQL fell without a checkpoint and came back."""
    return ordeal.pass_through("immediate stop")


class TestPassThrough:
    @pytest.mark.parametrize("kind", ["worker", "postmaster", "api"])
    def test_loses_nothing_and_goes_on(self, ordeal: kill_nine.Ordeal, kind: str) -> None:
        point = ordeal.pass_through(kind)

        assert point.is_good, kill_nine.show(0, point)
        assert point.heard.receipts

    def test_refuses_while_postgres_is_down(self, fall: kill_nine.Point) -> None:
        assert fall.heard.statuses[503] > 0
        assert fall.is_good, kill_nine.show(0, fall)


class TestIntegrator:
    @pytest.mark.usefixtures("fall")
    def test_holds_its_lock_again_after_postgres_fell(self, site: sites.Site) -> None:
        until = time.monotonic() + 5.0
        holders = 0

        while not holders and time.monotonic() < until:
            with site.databases.reading("exchange") as session:
                holders = session.execute(_HOLDERS).scalar_one()
            time.sleep(0.1)

        assert holders == 1


class TestJudge:
    def test_finds_a_receipt_without_an_entry(self, site: sites.Site) -> None:
        receipt = receive(site)
        stranger = {**receipt.promise, "entry_id": "00000000-0000-7000-8000-000000000000"}

        state = checks.judge(site, [dataclasses.replace(receipt, promise=stranger)], None)

        assert [one.partition(": ")[2] for one in state.lost] == ["no entry"]

    def test_finds_a_receipt_that_promises_another_leaf(self, site: sites.Site) -> None:
        receipt = receive(site)
        other = {**receipt.promise, "leaf_hash": "A" * 43}

        state = checks.judge(site, [dataclasses.replace(receipt, promise=other)], None)

        assert "another leaf hash" in state.lost[0]

    def test_finds_an_answer_that_is_not_the_one_logged(self, site: sites.Site) -> None:
        receipt = receive(site)

        state = checks.judge(site, [dataclasses.replace(receipt, body_hash="00" * 32)], None)

        assert "another answer" in state.lost[0]

    def test_finds_a_forged_receipt(self, site: sites.Site) -> None:
        receipt = receive(site)

        state = checks.judge(site, [dataclasses.replace(receipt, signature=bytes(64))], None)

        assert "not signed" in state.lost[0]

    def test_finds_nothing_wrong_with_an_honest_receipt(self, site: sites.Site) -> None:
        state = checks.judge(site, [receive(site)], None)

        assert (state.lost, state.problem) == ([], "")
