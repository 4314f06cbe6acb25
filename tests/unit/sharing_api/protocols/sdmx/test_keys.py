"""Series keys and filters: what is wrong is named by its place."""

import pytest

from sharing_api.protocols.sdmx import errors, keys

DIMENSIONS = {"FREQ": {"A"}, "REF_AREA": {"VN", "2025-01"}, "SEX": {"M", "F", "_T"}}


class TestReadKey:
    @pytest.mark.parametrize("key", ["", "all", "*", "..", "*.*.*"])
    def test_takes_what_is_left_out_as_everything(self, key: str) -> None:
        assert keys.read_key(key, DIMENSIONS) == {}

    def test_takes_codes_joined_by_plus_as_alternatives(self) -> None:
        found = keys.read_key("A.2025-01.M+F", DIMENSIONS)

        assert found == {"FREQ": ("A",), "REF_AREA": ("2025-01",), "SEX": ("M", "F")}

    @pytest.mark.parametrize(
        ("key", "place"), [("A.VN", "place 3 is missing: SEX"), ("A.VN.M.X", "place 4 has no")]
    )
    def test_names_the_place_where_a_key_is_too_short_or_too_long(
        self, key: str, place: str
    ) -> None:
        with pytest.raises(errors.QueryNotParsed) as caught:
            keys.read_key(key, DIMENSIONS)

        assert place in caught.value.fields[0].message

    @pytest.mark.parametrize("key", ["A.VN+.M", "A.+VN.M", "A.VN++2025-01.M"])
    def test_refuses_a_plus_without_a_code(self, key: str) -> None:
        with pytest.raises(errors.QueryNotParsed) as caught:
            keys.read_key(key, DIMENSIONS)

        assert caught.value.fields[0].field == "key, place 2 (REF_AREA)"

    def test_names_every_place_with_an_unknown_code(self) -> None:
        with pytest.raises(errors.QueryNotUnderstood) as caught:
            keys.read_key("Q.VN.M+X", DIMENSIONS)

        named = [(one.field, one.message.partition(" of")[0]) for one in caught.value.fields]
        assert named == [
            ("key, place 1 (FREQ)", "Its code is not in the dimension's code list."),
            ("key, place 3 (SEX)", "Code 2"),
        ]

    def test_never_repeats_what_was_sent(self) -> None:
        with pytest.raises(errors.QueryNotUnderstood) as caught:
            keys.read_key("A.<script>.M", DIMENSIONS)

        assert "script" not in str(caught.value.fields)

    def test_does_not_offer_several_keys(self) -> None:
        with pytest.raises(errors.FeatureNotOffered):
            keys.read_key("A.VN.M,A.VN.F", DIMENSIONS)


class TestReadFilter:
    @pytest.mark.parametrize("text", ["M,F", "eq:M,F"])
    def test_takes_codes_with_commas(self, text: str) -> None:
        assert keys.read_filter("SEX", text, DIMENSIONS) == {"SEX": ("M", "F")}

    def test_refuses_a_component_that_is_no_dimension(self) -> None:
        with pytest.raises(errors.QueryNotUnderstood):
            keys.read_filter("OBS_VALUE", "1", DIMENSIONS)

    def test_does_not_offer_other_comparisons(self) -> None:
        with pytest.raises(errors.FeatureNotOffered):
            keys.read_filter("SEX", "ne:M", DIMENSIONS)


class TestJoin:
    def test_keeps_codes_that_all_conditions_name(self) -> None:
        joined = keys.join([{"SEX": ("M", "F")}, {"SEX": ("F",), "FREQ": ("A",)}])

        assert joined == {"SEX": ("F",), "FREQ": ("A",)}

    def test_finds_nothing_where_conditions_exclude_one_another(self) -> None:
        with pytest.raises(errors.NoResults):
            keys.join([{"SEX": ("M",)}, {"SEX": ("F",)}])
