"""An agreement that cannot be enforced does not act, and costs no other its rights."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from joserfc.jwk import OKPKey
from sqlalchemy.orm import Session

from sharing_api import bootstrap
from sharing_api.agreements import documents, registry, repository
from sharing_api.agreements.life.repository import versions
from sharing_api.agreements.life.values import Signature, State, Version

_CONTENT = dict(bootstrap.list_sample_agreements()[0].content)
_PARTIES = (str(_CONTENT["provider"]), str(_CONTENT["consumer"]))
_KEYS = {party: OKPKey.generate_key("Ed25519") for party in _PARTIES}


@pytest.fixture
def session(exchange_session: Session, now: datetime) -> Session:
    """A session in which both agencies are entered with their keys."""
    for party, key in _KEYS.items():
        jwks = {"keys": [{**key.as_dict(private=False), "kid": key.thumbprint()}]}
        repository.save_agency(
            exchange_session, agency_code=party, name_vi="Thử", jwks=jwks, at=now
        )
    return exchange_session


def _save(
    session: Session, content: Mapping[str, Any], now: datetime, signers: Mapping[str, OKPKey]
) -> str:
    canonical = documents.canonical(content)
    agreement_hash = documents.content_hash(canonical)
    _save_as(session, canonical, agreement_hash, now, signers)
    return agreement_hash


def _save_as(
    session: Session,
    document: bytes,
    agreement_hash: str,
    now: datetime,
    signers: Mapping[str, OKPKey],
) -> None:
    """Enter a version in force past the service, which would refuse it."""
    content = json.loads(document)
    version = Version(
        agreement_hash,
        f"test-{agreement_hash}",
        1,
        *_PARTIES,
        State.IN_FORCE,
        now,
        content,
    )
    versions.insert_draft(session, content=document, version=version, state=State.IN_FORCE)
    for party, key in signers.items():
        signature = documents.sign(document, key)
        # Whoever signs in another's name says that it used one of the other's keys.
        key_id = _KEYS[party].thumbprint()
        versions.insert_signature(
            session, agreement_hash, Signature(party, party, key_id, signature, now)
        )


def _acting(session: Session) -> set[str]:
    rights = registry.read_rights(session, lambda version, code: [(version, code)])
    return {one.agreement_hash for several in rights.agreements.values() for one in several}


class TestReadRights:
    @pytest.mark.parametrize(
        "limit",
        [
            {"population": {"is_adult": True}},
            {"population": {"conditions": [{"field": "age", "operator": "lt", "value": "x"}]}},
            {"population": {"conditions": [{"field": "age", "operator": "like", "value": 1}]}},
        ],
        ids=["of_another_shape", "not_comparable", "unknown_operator"],
    )
    def test_leaves_out_an_agreement_with_a_limit_that_cannot_be_told(
        self, session: Session, now: datetime, limit: dict[str, Any]
    ) -> None:
        sound = _save(session, _CONTENT, now, _KEYS)
        limited = _save(session, {**_CONTENT, **limit}, now, _KEYS)

        acting = _acting(session)

        assert sound in acting
        assert limited not in acting

    @pytest.mark.parametrize("missing", [0, 1], ids=["provider", "consumer"])
    def test_leaves_out_an_agreement_that_one_party_did_not_sign(
        self, session: Session, now: datetime, missing: int
    ) -> None:
        signers = {_PARTIES[1 - missing]: _KEYS[_PARTIES[1 - missing]]}
        half_signed = _save(session, {**_CONTENT, "title": "half signed"}, now, signers)

        assert half_signed not in _acting(session)

    def test_leaves_out_an_agreement_signed_by_another_agency_in_a_partys_name(
        self, session: Session, now: datetime
    ) -> None:
        forger = OKPKey.generate_key("Ed25519")
        forged = _save(
            session, {**_CONTENT, "title": "forged"}, now, {**_KEYS, _PARTIES[0]: forger}
        )

        assert forged not in _acting(session)

    def test_leaves_out_an_agreement_whose_content_is_not_that_of_its_hash(
        self, session: Session, now: datetime
    ) -> None:
        canonical = documents.canonical({**_CONTENT, "title": "widened"})
        agreement_hash = documents.content_hash(documents.canonical(_CONTENT))
        _save_as(session, canonical, agreement_hash, now, _KEYS)

        assert agreement_hash not in _acting(session)
