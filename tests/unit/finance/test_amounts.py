"""Which amounts of money the register can write down."""

from decimal import Decimal

import pytest

from finance.rules import amounts


class TestIsExact:
    @pytest.mark.parametrize("text", ["0", "-0.01", "1.230", "9999999999999999999999.99"])
    def test_takes_two_decimals(self, text: str) -> None:
        assert amounts.is_exact(Decimal(text))

    @pytest.mark.parametrize("text", ["0.001", "NaN", "sNaN", "-Infinity", "1e22", "1e999999"])
    def test_takes_nothing_that_would_be_rounded_or_lost(self, text: str) -> None:
        assert not amounts.is_exact(Decimal(text))
