"""The life of agreements on a real database: steps, signatures, replacement, races."""

import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc.jwk import OKPKey
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from databases.sessions import Databases
from databases.settings import Settings
from sharing_api.agreements import documents, registry, repository
from sharing_api.agreements.life import errors, keeping, papers, service, waiting
from sharing_api.agreements.life.repository import agencies, versions
from sharing_api.agreements.life.values import Act, Actor, Deed, Grounds, State, Version
from sharing_api.disclosure import drafts
from tests.factories.exchange import make_agreement
from tests.functional.world import jwks

DAY = timedelta(days=1)
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
GROUNDS = Grounds("the purpose is not ours", "Decree 194/2025/NĐ-CP art. 16")
FIELDS = {"pin": "full", "birth_full_name": "full"}


@dataclass
class Play:
    """Two agencies of a test with their keys, and a third one."""

    session: Session
    keys: dict[str, OKPKey] = field(default_factory=dict)
    name: str = field(default_factory=lambda: f"test-{uuid.uuid4().hex}")

    def enter(self, *codes: str) -> None:
        for code in codes:
            self.keys[code] = OKPKey.generate_key("Ed25519")
            repository.save_agency(
                self.session,
                agency_code=code,
                name_vi=f"Cơ quan {code}",
                jwks=jwks(self.keys[code]),
                at=NOW - 30 * DAY,
            )

    def content(self, **changes: Any) -> dict[str, Any]:
        terms = {"fields": FIELDS, "predicates": [], "operations": ["look-up"]}
        return make_agreement(
            agreement=self.name,
            provider="X01",
            consumer="X02",
            datasets={"population/citizen": terms},
            **changes,
        )

    def draft(self, agency: str = "X02", at: datetime = NOW, **changes: Any) -> str:
        document = documents.canonical(self.content(**changes))
        actor = Actor(agency, "system")
        return service.draft(self.session, document, actor, at, drafts.find_problems)

    def do(
        self, act: Act, agreement_hash: str, agency: str, at: datetime = NOW, **changes: Any
    ) -> Version:
        signature = ""
        if act in (Act.PROPOSE, Act.ACCEPT):
            document = versions.read_document(self.session, agreement_hash)
            signature = documents.sign(document, self.keys[agency])
        deed = Deed(act, Actor(agency, "system"), agreement_hash, at, signature, GROUNDS)
        import dataclasses

        return service.perform(self.session, dataclasses.replace(deed, **changes))

    def propose(self, at: datetime = NOW, **changes: Any) -> str:
        made = self.draft(at=at, **changes)
        self.do(Act.PROPOSE, made, "X02", at)
        return made

    def agree(self, at: datetime = NOW, **changes: Any) -> str:
        made = self.propose(at, **changes)
        self.do(Act.ACCEPT, made, "X01", at)
        return made

    def state(self, agreement_hash: str) -> State:
        return service.get(self.session, agreement_hash).state

    def acting(self) -> list[str]:
        rights = registry.read_rights(self.session, lambda version, code: [(version, code)])
        return [one.agreement_hash for one in rights.agreements.get("X02", ())]

    def told(self, agreement_hash: str) -> list[tuple[str, str]]:
        steps = versions.list_steps(self.session, [agreement_hash])
        return [(step.act, step.to_state) for step in steps]


@pytest.fixture
def play(exchange_session: Session) -> Play:
    made = Play(exchange_session)
    made.enter("X01", "X02", "X03")
    return made


class TestLife:
    def test_goes_from_a_draft_into_force_and_acts(self, play: Play) -> None:
        made = play.draft()
        assert (play.state(made), play.acting()) == (State.DRAFTED, [])
        play.do(Act.PROPOSE, made, "X02")
        assert (play.state(made), play.acting()) == (State.PROPOSED, [])
        play.do(Act.ACCEPT, made, "X01")

        assert (play.state(made), play.acting()) == (State.IN_FORCE, [made])
        assert play.told(made) == [
            ("draft", "drafted"),
            ("propose", "proposed"),
            ("accept", "accepted"),
            ("enter_into_force", "in_force"),
        ]

    def test_is_told_with_who_when_and_why(self, play: Play) -> None:
        made = play.propose()
        play.do(Act.REFUSE, made, "X01", NOW + DAY, actor=Actor("X01", "desk", "cb-07"))

        step = versions.list_steps(play.session, [made])[-1]

        assert (step.at, step.party, step.agency, step.client, step.officer, step.grounds) == (
            NOW + DAY,
            "X01",
            "X01",
            "desk",
            "cb-07",
            GROUNDS,
        )
        assert play.state(made) is State.REFUSED

    def test_is_suspended_resumed_and_revoked(self, play: Play) -> None:
        made = play.agree()
        play.do(Act.SUSPEND, made, "X01")
        assert play.acting() == []
        with pytest.raises(errors.WrongParty):
            play.do(Act.RESUME, made, "X02")
        play.do(Act.RESUME, made, "X01")
        assert play.acting() == [made]
        play.do(Act.REVOKE, made, "X02")

        assert (play.state(made), play.acting()) == (State.REVOKED, [])
        with pytest.raises(errors.WrongState):
            play.do(Act.RESUME, made, "X02")

    def test_is_nobody_elses_business(self, play: Play) -> None:
        made = play.propose()

        for act in (Act.ACCEPT, Act.REFUSE):
            with pytest.raises(errors.AgreementUnknown):
                play.do(act, made, "X03")
        with pytest.raises(errors.AgreementUnknown):
            service.get_for(play.session, made, Actor("X03", "system"), NOW)
        with pytest.raises(errors.WrongParty):
            play.draft("X03", title="another")

    def test_proposer_does_not_accept(self, play: Play) -> None:
        made = play.propose()

        with pytest.raises(errors.WrongParty):
            play.do(Act.ACCEPT, made, "X02")

    def test_ends_by_itself_on_its_day(self, play: Play) -> None:
        made = play.agree(valid_to="2026-03-10")

        service.settle(play.session, play.name, datetime(2026, 3, 9, 16, 59, tzinfo=UTC))
        assert play.state(made) is State.IN_FORCE
        service.settle(play.session, play.name, datetime(2026, 3, 9, 17, 0, tzinfo=UTC))
        assert play.state(made) is State.EXPIRED


class TestVersions:
    def test_replaces_the_one_before_at_once(self, play: Play) -> None:
        first = play.agree()
        second = play.agree(version=2, previous=first, title="wider")

        assert (play.state(first), play.state(second)) == (State.EXPIRED, State.IN_FORCE)
        assert play.acting() == [second]
        ended = versions.list_steps(play.session, [first])[-1]
        assert second in ended.grounds.reason

    def test_takes_over_on_its_first_day_without_anybody_doing_anything(self, play: Play) -> None:
        first = play.agree()
        second = play.agree(version=2, previous=first, valid_from="2026-04-01")

        rights = registry.read_rights(play.session, lambda version, code: [(version, code)])
        terms = {one.agreement_hash: one for one in rights.agreements["X02"]}
        assert terms[first].valid_to == terms[second].valid_from
        assert (play.state(first), play.state(second)) == (State.IN_FORCE, State.ACCEPTED)

        service.settle(play.session, play.name, datetime(2026, 4, 1, tzinfo=UTC))
        assert (play.state(first), play.state(second)) == (State.EXPIRED, State.IN_FORCE)

    def test_is_proposed_again_after_a_refusal(self, play: Play) -> None:
        first = play.propose()
        play.do(Act.REFUSE, first, "X01")
        second = play.agree(version=2, previous=first, title="narrower")

        assert play.acting() == [second]

    def test_cannot_be_proposed_beside_another(self, play: Play) -> None:
        first = play.agree()
        play.propose(version=2, previous=first, title="one")
        other = play.draft(version=2, previous=first, title="other")

        with pytest.raises(errors.WrongVersion):
            play.do(Act.PROPOSE, other, "X02")

    def test_is_drafted_twice_as_one(self, play: Play) -> None:
        assert play.draft() == play.draft("X01")
        assert len(play.told(play.draft())) == 1


class TestSignatures:
    def test_are_needed(self, play: Play) -> None:
        made = play.draft()

        with pytest.raises(errors.SignatureWrong):
            play.do(Act.PROPOSE, made, "X02", signature="")

    def test_by_a_key_that_ended_do_not_count_but_those_before_do(self, play: Play) -> None:
        made = play.propose()
        for code in ("X01", "X02"):
            key_id = play.keys[code].thumbprint()
            keeping.end_key(play.session, code, key_id, "lost", NOW + DAY)

        with pytest.raises(errors.KeyEnded):
            play.do(Act.ACCEPT, made, "X01", NOW + DAY)
        play.do(Act.ACCEPT, made, "X01", NOW + DAY - timedelta(seconds=1))
        assert play.acting() == [made]

    def test_are_given_with_a_rotated_key(self, play: Play) -> None:
        made = play.propose()
        fresh = OKPKey.generate_key("Ed25519")
        jwk = fresh.as_dict(private=False)
        plain = {name: jwk[name] for name in ("crv", "kty", "x")}
        by_old = documents.sign(documents.canonical(plain), play.keys["X01"])
        by_itself = documents.sign(documents.canonical(plain), fresh)

        with pytest.raises(errors.KeyUnknown):
            keeping.rotate_key(play.session, plain, by_itself, Actor("X01", "system"), NOW)
        keeping.rotate_key(play.session, plain, by_old, Actor("X01", "system"), NOW)
        with pytest.raises(errors.KeyTaken):
            keeping.register_key(play.session, "X02", plain, Actor("X02", "system"), NOW)
        play.keys["X01"] = fresh
        play.do(Act.ACCEPT, made, "X01")

        assert play.acting() == [made]

    def test_of_a_delegate_bind_while_it_may_act(self, play: Play) -> None:
        made = play.propose()
        number = keeping.delegate(
            play.session,
            agency="X01",
            to="X03",
            legal_basis="law",
            actor=Actor("X01", "operator"),
            at=NOW,
        )
        play.do(Act.ACCEPT, made, "X03")
        keeping.end_delegation(play.session, number, "done", NOW + DAY)

        step = versions.list_steps(play.session, [made])[-2]
        assert (step.party, step.agency) == ("X01", "X03")
        assert play.acting() == [made]
        with pytest.raises(errors.AgreementUnknown):
            play.do(Act.REVOKE, made, "X03", NOW + DAY)
        with pytest.raises(errors.DelegationUnknown):
            keeping.end_delegation(play.session, number, "again", NOW + 2 * DAY)


class TestWaiting:
    def test_lists_what_is_overdue_after_two_working_days(self, play: Play) -> None:
        made = play.propose(datetime(2026, 3, 5, 8, 0, tzinfo=UTC))  # a Thursday

        def overdue(at: str) -> list[bool]:
            moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
            found = waiting.list_waiting(play.session, moment, ["X01"])
            assert [one.version.agreement_hash for one in found] == [made]
            return [one.is_overdue for one in found]

        assert overdue("2026-03-09T16:59") == [False]
        assert overdue("2026-03-09T17:00") == [True]
        assert waiting.list_waiting(play.session, NOW, ["X03"]) == []


class TestPapers:
    def test_hold_the_signed_bytes_and_say_the_reason(self, play: Play) -> None:
        import base64

        from lxml import etree

        made = play.propose()
        play.do(Act.REFUSE, made, "X01")
        case = service.make_case(play.session, service.get(play.session, made))

        packet = papers.write_packet(case)
        root = etree.fromstring(papers.write_xml(packet))

        names = {"e": papers.NAMESPACE}
        filed = root.findtext(".//e:Attachment/e:ContentTransferEncoded", namespaces=names)
        assert base64.b64decode(filed or "") == case.document
        header = packet["edXMLEnvelope"]["edXMLHeader"]["MessageHeader"]
        assert (header["From"]["OrganId"], header["To"][0]["OrganId"]) == ("X01", "X02")
        assert GROUNDS.reason in header["Content"]
        assert GROUNDS.legal_basis in header["Content"]
        assert header["Subject"].startswith("Từ chối")


class TestHistory:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE exchange.agreement_event SET reason = 'x' WHERE agreement_hash = :made",
            "DELETE FROM exchange.agreement_event WHERE agreement_hash = :made",
            "UPDATE exchange.agreement_signature SET signature = 'x' WHERE agreement_hash = :made",
            "UPDATE exchange.agreement SET content = '' WHERE agreement_hash = :made",
            "UPDATE exchange.agency_key SET valid_from = now() WHERE agency_code = 'X01'",
        ],
    )
    def test_is_closed_to_the_service(self, play: Play, statement: str) -> None:
        made = play.agree()

        with pytest.raises(DBAPIError):
            play.session.execute(text(statement), {"made": made})

    def test_of_a_key_ends_once(self, play: Play) -> None:
        key_id = play.keys["X01"].thumbprint()
        keeping.end_key(play.session, "X01", key_id, "lost", NOW)

        with pytest.raises(errors.KeyEnded):
            keeping.end_key(play.session, "X01", key_id, "lost", NOW - 20 * DAY)
        with pytest.raises(DBAPIError, match="does not end again"):
            play.session.execute(
                text("UPDATE exchange.agency_key SET ended_at = :at WHERE key_id = :key"),
                {"at": NOW - 20 * DAY, "key": key_id},
            )


@pytest.fixture
def committing(settings: Settings) -> Iterator[Databases]:
    databases = Databases(settings, "race", pool_size=6)
    yield databases
    databases.dispose()


class TestRaces:
    def test_two_acts_at_once_leave_one(self, committing: Databases) -> None:
        with committing.writing("exchange") as session:
            play = Play(session)
            play.enter("X01", "X02")
            made = play.propose()
        came: list[str] = []
        together = threading.Barrier(2)

        def act(name: Act) -> None:
            with committing.writing("exchange") as session:
                one = Play(session, play.keys, play.name)
                together.wait(5)
                try:
                    one.do(name, made, "X01")
                    came.append(name)
                except errors.WrongState:
                    came.append("refused")

        threads = [threading.Thread(target=act, args=(one,)) for one in (Act.ACCEPT, Act.REFUSE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)

        assert sorted(came)[-1] == "refused"
        with committing.writing("exchange") as session:
            steps = versions.list_steps(session, [made])
            assert [step.act for step in steps if step.act in ("accept", "refuse")] == [
                one for one in came if one != "refused"
            ]
            assert agencies.is_agency(session, "X01")
