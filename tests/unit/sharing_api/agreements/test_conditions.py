"""Who is in an agreement's part of the population, and that what is unknown is outside."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing_api.agreements import conditions
from sharing_api.agreements.values import Condition

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=5),
    st.dates().map(str),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["code", "full", "x"]), st.text(max_size=3), max_size=2),
)
OPERATORS = ["eq", "ne", "in", "lt", "le", "gt", "ge", "is_known"]


class TestHolds:
    @pytest.mark.parametrize(
        ("operator", "wanted", "value", "expected"),
        [
            ("eq", True, True, True),
            ("eq", True, False, False),
            ("eq", True, 1, False),
            ("eq", 1, True, False),
            ("eq", "2", {"code": "2", "list": "sex", "version": "x"}, True),
            ("eq", "An", {"full": "An", "family": ""}, True),
            ("eq", "2", None, False),
            ("ne", "2", {"code": "1"}, True),
            ("ne", "2", {"code": "2"}, False),
            ("ne", "2", None, False),
            ("in", ["1", "2"], {"code": "2"}, True),
            ("in", ["1", "3"], {"code": "2"}, False),
            ("lt", 18, 17, True),
            ("lt", 18, 18, False),
            ("le", 18, 18, True),
            ("gt", 18, 18, False),
            ("gt", 18, 19, True),
            ("ge", 18, 18, True),
            ("lt", 18, None, False),
            ("lt", 18, True, False),
            ("ge", "2008-01-01", "2008-01-01", True),
            ("lt", "2008-01-01", "2007-12-31", True),
            ("lt", "2008-01-01", "2007", False),
            ("gt", "2008-01-01", "2009-05", False),
            ("lt", "2008-01-01", 17, False),
            ("is_known", None, "x", True),
            ("is_known", True, None, False),
            ("is_known", False, None, True),
            ("is_known", True, [], False),
            ("is_known", True, False, True),
            ("eq", "x", ["x"], False),
            ("eq", "x", {"street": "x"}, False),
        ],
    )
    def test_of(self, operator: str, wanted: Any, value: Any, expected: bool) -> None:
        assert conditions.holds(Condition("f", operator, wanted), value) is expected

    @given(operator=st.sampled_from(OPERATORS), wanted=VALUES, value=VALUES)
    def test_is_total_where_the_condition_is_meaningful(
        self, operator: str, wanted: Any, value: Any
    ) -> None:
        condition = Condition("f", operator, wanted)
        if conditions.is_meaningful(condition):
            assert conditions.holds(condition, value) in (True, False)
            if operator != "is_known":
                assert not conditions.holds(condition, None)


class TestIsMeaningful:
    @pytest.mark.parametrize(
        ("operator", "value", "expected"),
        [
            ("eq", "x", True),
            ("eq", None, False),
            ("eq", ["x"], False),
            ("in", ["x"], True),
            ("in", "x", False),
            ("lt", 3, True),
            ("lt", "2008-01-01", True),
            ("lt", "2008", False),
            ("lt", True, False),
            ("is_known", None, True),
            ("is_known", "x", False),
            ("like", "x", False),
        ],
    )
    def test_of(self, operator: str, value: Any, expected: bool) -> None:
        assert conditions.is_meaningful(Condition("f", operator, value)) is expected
