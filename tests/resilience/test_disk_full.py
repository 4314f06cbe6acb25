import pytest

from tests.resilience import disk_full
from tests.resilience import site as sites


class TestEndure:
    def test_gives_no_data_while_the_log_cannot_be_written(self, site: sites.Site) -> None:
        outcome = disk_full.endure(site, lambda: disk_full.refused_by_trigger(site))

        assert outcome.given_while_full == 0
        assert outcome.heard.statuses[503] > 0
        assert outcome.heard.faults == []

    def test_goes_on_without_repair_when_there_is_space_again(self, site: sites.Site) -> None:
        outcome = disk_full.endure(site, lambda: disk_full.refused_by_trigger(site))

        assert outcome.recovery is not None
        assert (outcome.state.lost, outcome.state.problem) == ([], "")

    @pytest.mark.skipif(not disk_full.may_mount(), reason="only root makes a small disk")
    def test_keeps_every_promise_on_a_disk_that_runs_full(self, site: sites.Site) -> None:
        with disk_full.small_disk(site) as folder:
            outcome = disk_full.endure(site, lambda: disk_full.refused_by_disk(folder))

        assert outcome.heard.statuses[503] > 0
        assert outcome.heard.faults == []
        assert (outcome.state.lost, outcome.state.problem) == ([], "")
        assert outcome.recovery is not None
