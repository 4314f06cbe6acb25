import orjson
from hypothesis import given
from hypothesis import strategies as st

from sharing_api.standards import json_message
from tests.unit.sharing_api.standards import examples

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text("aăâđêôơư \u0301\u0300"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcd"), inner, max_size=4),
    max_leaves=20,
)


class TestRender:
    def test_gives_the_same_bytes_whatever_the_order_of_members(self) -> None:
        message = examples.example("citizen")
        record = dict(reversed(message["records"][0].items()))
        reordered = {**dict(reversed(message.items())), "records": [record]}

        assert list(reordered) != list(message)
        assert json_message.render(reordered) == json_message.render(message)

    def test_joins_decomposed_letters_and_changes_no_other(self) -> None:
        decomposed = json_message.render({"name": "Ho\u0300a"})

        assert decomposed == json_message.render({"name": "H\u00f2a"})
        assert decomposed != json_message.render({"name": "Ho\u00e0"})

    @given(VALUES)
    def test_writes_what_reads_back_and_is_stable(self, value: object) -> None:
        once = json_message.render({"value": value})

        assert json_message.render(orjson.loads(once)) == once
