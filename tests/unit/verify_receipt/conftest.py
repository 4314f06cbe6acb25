from pathlib import Path

import pytest

from tests.unit.verify_receipt.evidence import Evidence


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    return Evidence(tmp_path)
