"""Documents that two readers could read differently do not come in."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from databases.errors import FieldProblem
from sharing_api.agreements import documents
from sharing_api.agreements.life import errors, reading
from tests.factories.exchange import make_agreement

CONTENT = make_agreement(title="Chia sẻ dữ liệu thử", quota={"per_day": 100, "per_minute": None})
DOCUMENT = documents.canonical(CONTENT)
TITLE = "Chia sẻ dữ liệu thử".encode()


def nothing_wrong(_: Mapping[str, Any]) -> Sequence[FieldProblem]:
    return ()


class TestReadDocument:
    def test_reads_the_canonical_form(self) -> None:
        assert reading.read_document(DOCUMENT, nothing_wrong) == CONTENT

    @pytest.mark.parametrize(
        "document",
        [
            pytest.param(b"", id="empty"),
            pytest.param(b"[]", id="no_object"),
            pytest.param(DOCUMENT[:-1], id="cut"),
            pytest.param(DOCUMENT + b"\n", id="line_feed_at_the_end"),
            pytest.param(b"\xef\xbb\xbf" + DOCUMENT, id="byte_order_mark"),
            pytest.param(DOCUMENT.replace(b'"version":1', b'"version": 1'), id="white_space"),
            pytest.param(DOCUMENT.replace(b'"version":1', b'"version":1.0'), id="number_as_1.0"),
            pytest.param(DOCUMENT.replace(b'"version":1', b'"version":1e0'), id="number_as_1e0"),
            pytest.param(DOCUMENT.replace(b'"version":1', b'"version":-0'), id="minus_zero"),
            pytest.param(DOCUMENT.replace(b'"per_day":100', b'"per_day":1e400'), id="infinite"),
            pytest.param(
                DOCUMENT.replace(b'"per_day":100', b'"per_day":9007199254740993'), id="not_exact"
            ),
            pytest.param(DOCUMENT.replace(b'"per_day":100', b'"per_day":NaN'), id="nan"),
            pytest.param(
                DOCUMENT.replace(b'"version":1', b'"version":1,"version":1'), id="member_twice"
            ),
            pytest.param(
                DOCUMENT.replace(b'"version":1', b'"version":2,"version":1'), id="member_hidden"
            ),
            pytest.param(DOCUMENT.replace(TITLE, b"Chia s\\u1ebb"), id="escaped_letter"),
            pytest.param(
                DOCUMENT.replace(TITLE, unicodedata.normalize("NFD", TITLE.decode()).encode()),
                id="decomposed_letters",
            ),
            pytest.param(DOCUMENT.replace(TITLE, b"\xff\xfe"), id="not_utf_8"),
            pytest.param(DOCUMENT.replace(TITLE, b"\\ud800"), id="half_a_character"),
            pytest.param(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, id="nested"),
            pytest.param(
                json.dumps(CONTENT, ensure_ascii=False).encode(), id="members_out_of_order"
            ),
        ],
    )
    def test_refuses_another_form(self, document: bytes) -> None:
        with pytest.raises(errors.NotCanonical) as refused:
            reading.read_document(document, nothing_wrong)

        assert refused.value.fields[0].field == "document"

    def test_says_what_breaks_the_standard(self) -> None:
        problem = FieldProblem("/title", "minLength", "Too short.")

        with pytest.raises(errors.DocumentInvalid) as refused:
            reading.read_document(DOCUMENT, lambda _: [problem])

        assert refused.value.fields == (problem,)

    @given(place=st.integers(0, len(DOCUMENT) - 1), bit=st.integers(0, 7))
    def test_gives_no_two_documents_one_hash(self, place: int, bit: int) -> None:
        other = bytearray(DOCUMENT)
        other[place] ^= 1 << bit

        try:
            content = reading.read_document(bytes(other), nothing_wrong)
        except errors.NotCanonical:
            return
        assert content != CONTENT
        assert documents.content_hash(bytes(other)) != documents.content_hash(DOCUMENT)
