"""A demonstration of an earlier version of the program goes on with the agreements of this one."""

from datetime import datetime

import pytest
from joserfc.jwk import OKPKey
from sqlalchemy.orm import Session

from sharing_api import bootstrap
from sharing_api.agreements import repository
from sharing_api.agreements.life import service
from sharing_api.agreements.life.values import State

CONTENT = dict(bootstrap.list_sample_agreements()[0].content)
KEYS = {str(CONTENT[one]): OKPKey.generate_key("Ed25519") for one in ("provider", "consumer")}


@pytest.fixture
def session(exchange_session: Session, now: datetime) -> Session:
    for party, key in KEYS.items():
        jwks = {"keys": [{**key.as_dict(private=False), "kid": key.thumbprint()}]}
        repository.save_agency(
            exchange_session, agency_code=party, name_vi="Thử", jwks=jwks, at=now
        )
    return exchange_session


class TestContinueVersions:
    def test_what_did_not_change_is_not_entered_again(
        self, session: Session, now: datetime
    ) -> None:
        first = bootstrap.enter_agreement(session, CONTENT, KEYS, now)

        content = bootstrap.continue_versions(session, CONTENT)

        assert bootstrap.enter_agreement(session, content, KEYS, now) == first

    def test_what_changed_is_in_force_as_the_next_version(
        self, session: Session, now: datetime
    ) -> None:
        first = bootstrap.enter_agreement(session, {**CONTENT, "title": "Before"}, KEYS, now)

        content = bootstrap.continue_versions(session, CONTENT)
        second = bootstrap.enter_agreement(session, content, KEYS, now)

        assert (content["version"], content["previous"]) == (2, first)
        assert service.get(session, second).state is State.IN_FORCE
        assert service.get(session, first).state is not State.IN_FORCE
        assert bootstrap.continue_versions(session, CONTENT) == content
