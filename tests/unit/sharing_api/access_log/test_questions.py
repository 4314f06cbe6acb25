import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing_api.access_log.questions import Kept, Message, QuestionSealer, QuestionUnreadable

ONE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
SEALER = QuestionSealer(bytes(32))
# Sealed once by form 1; it must open for as long as the log is kept.
FIXED = bytes.fromhex(
    "cea6a2d32f975df805057ba4e4f92bbb93cac30365706a74e5756b03e8d1d7943928833f79b9da0d"
    "df5d01bb0e42f3872f9796ca020934ead39f173e9b4da933c95586bdde37eae18bb1"
)
KEPT = Kept(
    Message("POST", "/v1/population/citizen/look-up", "", {"accept": "*/*"}, b'{"key":"x"}', 2),
    "citizen/1.0",
    {"": 7, "pin": 2**32 - 1},
)


class TestQuestionSealer:
    @given(body=st.binary(max_size=600), path=st.text("/a%é", max_size=30), part=st.integers(0, 9))
    def test_opens_what_it_sealed(self, body: bytes, path: str, part: int) -> None:
        kept = Kept(Message("GET", path, "a=b", {}, body, part), "s/1.0", {"x": 1})

        assert SEALER.open(ONE, SEALER.seal(ONE, kept)) == kept

    def test_opens_what_was_sealed_long_ago(self) -> None:
        assert SEALER.open(ONE, FIXED) == KEPT

    def test_keeps_little_of_a_usual_question(self) -> None:
        body = (
            b'{"key":"001190000018","fields":["pin","full_name"],"purpose":"public_service.residen'
            b'ce","legal_basis":"Decree 194/2025/N\xc4\x90-CP art. 16","officer":"x","case":"H-1"}'
        )
        headers = {"content-type": "application/json", "accept": "application/json"}
        message = Message("POST", "/v1/population/citizen/look-up", "", headers, body)

        assert len(SEALER.seal(ONE, Kept(message, "citizen/1.0"))) < len(body)

    def test_hides_what_was_asked(self) -> None:
        assert b"population" not in SEALER.seal(ONE, KEPT)

    @pytest.mark.parametrize("place", range(0, len(FIXED), 7))
    def test_refuses_changed_bytes(self, place: int) -> None:
        changed = bytearray(FIXED)
        changed[place] ^= 1

        with pytest.raises(QuestionUnreadable):
            SEALER.open(ONE, bytes(changed))

    def test_refuses_other_answers_and_keys(self) -> None:
        for sealer, answer in ((SEALER, OTHER), (QuestionSealer(b"other"), ONE)):
            with pytest.raises(QuestionUnreadable):
                sealer.open(answer, FIXED)

    def test_refuses_what_is_cut_off(self) -> None:
        for length in (0, 5, 12, len(FIXED) - 1):
            with pytest.raises(QuestionUnreadable):
                SEALER.open(ONE, FIXED[:length])
