"""Signatures bind by the key that held when they were recorded, and by no other."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey

from sharing_api.agreements import documents
from sharing_api.agreements.life import errors, signing
from sharing_api.agreements.life.values import AgencyKey, Delegation, Signature

DAY = timedelta(days=1)
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DOCUMENT = b'{"agreement":"a"}'
KEY = OKPKey.generate_key("Ed25519")
OTHER = OKPKey.generate_key("Ed25519")


def registered(key: Any, agency: str = "H90", ended_at: datetime | None = None) -> AgencyKey:
    key_id, jwk = signing.read_public_key(key.as_dict(private=False))
    return AgencyKey(key_id, agency, jwk, NOW - DAY, ended_at)


def known(*keys: AgencyKey) -> dict[str, AgencyKey]:
    return {one.key_id: one for one in keys}


class TestReadPublicKey:
    def test_reads_both_kinds_and_nothing_else_of_them(self) -> None:
        for key in (KEY, ECKey.generate_key("P-256")):
            key_id, jwk = signing.read_public_key({**key.as_dict(private=False), "use": "sig"})

            assert key_id == key.thumbprint()
            assert set(jwk) <= {"crv", "kty", "x", "y"}

    @pytest.mark.parametrize(
        "jwk",
        [
            pytest.param({}, id="nothing"),
            pytest.param({"kty": "RSA", "n": "AQAB", "e": "AQAB"}, id="rsa"),
            pytest.param({"kty": "OKP", "crv": "Ed448", "x": "AA"}, id="ed448"),
            pytest.param({"kty": "OKP", "crv": "Ed25519"}, id="no_point"),
            pytest.param({"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}, id="short"),
            pytest.param({"kty": "OKP", "crv": "Ed25519", "x": 7}, id="a_number"),
            pytest.param(
                {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"}, id="not_on_the_curve"
            ),
            pytest.param(KEY.as_dict(private=True), id="private"),
        ],
    )
    def test_refuses_what_is_no_public_key(self, jwk: dict[str, Any]) -> None:
        with pytest.raises(errors.KeyUnfit):
            signing.read_public_key(jwk)


class TestRequireSigned:
    def sign(self, **changes: Any) -> AgencyKey:
        given = {
            "document": DOCUMENT,
            "detached": documents.sign(DOCUMENT, KEY),
            "signer": "H90",
            "keys": known(registered(KEY)),
            "at": NOW,
        } | changes
        return signing.require_signed(given.pop("document"), given.pop("detached"), **given)

    def test_gives_the_key(self) -> None:
        assert self.sign().key_id == KEY.thumbprint()

    @pytest.mark.parametrize(
        "detached",
        [
            "",
            "..",
            "a.b.c",
            "e30..AAAA",
            "eyJraWQiOjd9..AAAA",
            "W10..AAAA",
            documents.sign(DOCUMENT, KEY) + "A" * 2_000,
            documents.sign(DOCUMENT, KEY).replace("..", ".e30."),
        ],
    )
    def test_refuses_what_is_no_detached_signature(self, detached: str) -> None:
        with pytest.raises(errors.SignatureWrong):
            self.sign(detached=detached)

    def test_refuses_a_signature_of_another_document(self) -> None:
        with pytest.raises(errors.SignatureWrong):
            self.sign(detached=documents.sign(DOCUMENT + b" ", KEY))

    def test_refuses_a_signature_by_another_key_under_its_name(self) -> None:
        header = {"alg": "Ed25519", "kid": KEY.thumbprint()}
        compact = jws.serialize_compact(header, DOCUMENT, OTHER, algorithms=["Ed25519"])
        protected, _, made = compact.split(".")

        with pytest.raises(errors.SignatureWrong):
            self.sign(detached=f"{protected}..{made}")

    def test_refuses_an_unknown_key_and_one_of_another_agency(self) -> None:
        with pytest.raises(errors.KeyUnknown):
            self.sign(keys={})
        with pytest.raises(errors.KeyUnknown):
            self.sign(keys=known(registered(KEY, "G01")))

    def test_refuses_a_key_from_the_moment_of_its_end(self) -> None:
        ended = known(registered(KEY, ended_at=NOW))

        assert self.sign(keys=ended, at=NOW - timedelta(microseconds=1))
        with pytest.raises(errors.KeyEnded):
            self.sign(keys=ended)


class TestBindBoth:
    def bind(self, **changes: Any) -> bool:
        mine, theirs = registered(KEY), registered(OTHER, "G01")
        signatures = {
            "H90": Signature("H90", "H90", mine.key_id, documents.sign(DOCUMENT, KEY), NOW),
            "G01": Signature("G01", "G01", theirs.key_id, documents.sign(DOCUMENT, OTHER), NOW),
        } | changes.pop("signatures", {})
        given = {"keys": known(mine, theirs), "delegations": ()} | changes
        return signing.bind_both(DOCUMENT, ("G01", "H90"), signatures.values(), **given)

    def test_needs_both(self) -> None:
        assert self.bind()
        lone = Signature("G02", "G02", KEY.thumbprint(), documents.sign(DOCUMENT, KEY), NOW)
        assert not signing.bind_both(
            DOCUMENT, ("G01", "H90"), [lone], known(registered(KEY, "G02")), ()
        )

    def test_holds_after_the_key_has_ended_but_not_if_it_had_before(self) -> None:
        theirs = registered(OTHER, "G01")

        assert self.bind(keys=known(registered(KEY, ended_at=NOW + DAY), theirs))
        assert not self.bind(keys=known(registered(KEY, ended_at=NOW), theirs))

    def test_lets_a_delegate_sign_while_its_delegation_holds(self) -> None:
        theirs = registered(OTHER, "G01")
        by_delegate = {
            "H90": Signature("H90", "H91", KEY.thumbprint(), documents.sign(DOCUMENT, KEY), NOW)
        }
        keys = known(registered(KEY, "H91"), theirs)
        standing = Delegation(1, "H90", "H91", "law", NOW - DAY)
        ended = Delegation(1, "H90", "H91", "law", NOW - DAY, NOW)
        of_another = Delegation(1, "H92", "H91", "law", NOW - DAY)

        assert self.bind(signatures=by_delegate, keys=keys, delegations=(standing,))
        assert not self.bind(signatures=by_delegate, keys=keys, delegations=(ended,))
        assert not self.bind(signatures=by_delegate, keys=keys, delegations=(of_another,))
