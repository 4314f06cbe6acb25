"""Which port the API is given."""

from pathlib import Path

import pytest

from command_line import services
from command_line.operator import up_down_status


class TestChoosePort:
    @pytest.fixture(autouse=True)
    def _home(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NATDB_HOME", str(tmp_path))

    def test_takes_the_one_wished_for(self, tmp_path: Path) -> None:
        (tmp_path / "api-port").write_text("8741\n")

        assert up_down_status.choose_port(9000) == 9000

    def test_takes_the_last_one_otherwise(self, tmp_path: Path) -> None:
        (tmp_path / "api-port").write_text("8741\n")

        assert up_down_status.choose_port(None) == 8741

    def test_takes_the_usual_one_at_first(self) -> None:
        assert up_down_status.choose_port(None) == services.USUAL_PORT
