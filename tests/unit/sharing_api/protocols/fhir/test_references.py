import re

import pytest

from sharing_api import errors
from sharing_api.protocols.fhir.references import References

_FHIR_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_CARD = "HT2010123456789"


@pytest.fixture
def references() -> References:
    return References(b"r" * 32)


class TestSeal:
    def test_gives_an_id_of_fhir(self, references: References) -> None:
        assert _FHIR_ID.fullmatch(references.seal("H26", "Coverage", _CARD))

    def test_gives_the_same_id_again(self, references: References) -> None:
        again = References(b"r" * 32)

        assert references.seal("H26", "Coverage", _CARD) == again.seal("H26", "Coverage", _CARD)

    @pytest.mark.parametrize(
        ("agency", "kind", "key"),
        [("H27", "Coverage", _CARD), ("H26", "Patient", _CARD), ("H26", "Coverage", "0123456789")],
    )
    def test_gives_another_id_to_whatever_differs(
        self, references: References, agency: str, kind: str, key: str
    ) -> None:
        assert references.seal(agency, kind, key) != references.seal("H26", "Coverage", _CARD)

    def test_gives_another_id_under_another_secret(self, references: References) -> None:
        other = References(b"s" * 32)

        assert other.seal("H26", "Coverage", _CARD) != references.seal("H26", "Coverage", _CARD)


class TestOpen:
    def test_gives_back_the_key(self, references: References) -> None:
        sealed = references.seal("H26", "Coverage", _CARD)

        assert references.open("H26", "Coverage", sealed) == _CARD

    @pytest.mark.parametrize(("agency", "kind"), [("H27", "Coverage"), ("H26", "Patient")])
    def test_knows_no_id_of_others(self, references: References, agency: str, kind: str) -> None:
        sealed = references.seal("H26", "Coverage", _CARD)

        with pytest.raises(errors.RecordNotFound):
            references.open(agency, kind, sealed)

    @pytest.mark.parametrize("resource_id", ["", "1", _CARD, "a" * 64, "é", "a" * 10_000])
    def test_knows_no_invented_id(self, references: References, resource_id: str) -> None:
        with pytest.raises(errors.RecordNotFound):
            references.open("H26", "Coverage", resource_id)
