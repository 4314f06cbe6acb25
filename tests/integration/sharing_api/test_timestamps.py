"""Timestamps of checkpoints: asked of an authority, kept, and verified by the checker alone."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from databases.journal import notes
from databases.sessions import Databases
from databases.settings import Settings
from log_checker import run, timestamps
from sharing_api.access_log.timestamps import service as stamping
from sharing_api.access_log.timestamps import worker
from tests.factories import time_authority
from tests.factories.time_authority import Authority
from tests.integration.sharing_api.test_log_checker import KEYS, NOW, SIGNER, log

HOUR = timedelta(hours=1)
_ECDSA_WITH_SHA256 = bytes.fromhex("06082a8648ce3d040302")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    folder = tmp_path_factory.mktemp("authorities")
    with time_authority.answering(folder / "one", "authority.test") as one:
        yield one


@pytest.fixture
def stamped(superuser_session: Session, authority: Authority) -> Session:
    """A log of two checkpoints, each with a timestamp; the guards are off."""
    session = superuser_session
    for first in (0, 10):
        log(session, first, 10)
        due = last_moment(session) + HOUR
        assert stamping.stamp(session, authority.address, due, every=HOUR) == first + 10
    session.execute(text("ALTER TABLE exchange.checkpoint_timestamp DISABLE TRIGGER ALL"))
    return session


def last_moment(session: Session) -> datetime:
    """The newest time of an authority; any before the first."""
    found = session.scalar(text("SELECT max(stamped_at) FROM exchange.checkpoint_timestamp"))
    return found or NOW


def verify(session: Session, *roots: bytes) -> run.Verdict:
    session.flush()
    cursor = session.connection().connection.cursor()
    wishes = run.Wishes("", KEYS, workers=1, authorities=roots)
    return run.verify_with(cursor, wishes)


class TestStamp:
    def test_is_verified_by_the_checker(self, stamped: Session, authority: Authority) -> None:
        verdict = verify(stamped, authority.root)

        assert (verdict.problem, verdict.timestamps) == ("", 2)

    def test_says_when(self, stamped: Session) -> None:
        ages = stamped.scalars(
            text("SELECT clock_timestamp() - stamped_at FROM exchange.checkpoint_timestamp")
        ).all()

        assert len(ages) == 2
        assert all(abs(age) < timedelta(minutes=5) for age in ages)

    def test_waits_for_its_time_and_for_a_new_checkpoint(
        self, stamped: Session, authority: Authority
    ) -> None:
        last = last_moment(stamped)
        assert stamping.stamp(stamped, authority.address, last + HOUR, every=HOUR) is None

        log(stamped, 20, 5)

        early = last + HOUR - timedelta(seconds=1)
        assert stamping.stamp(stamped, authority.address, early, every=HOUR) is None
        assert stamping.stamp(stamped, authority.address, last + HOUR, every=HOUR) == 25

    def test_refuses_an_answer_to_another_question(
        self, stamped: Session, authority: Authority
    ) -> None:
        kept = stamped.scalar(text("SELECT token FROM exchange.checkpoint_timestamp LIMIT 1"))
        log(stamped, 20, 5)

        with pytest.raises(stamping.AuthorityUnavailable, match="something else"):
            stamping.stamp(stamped, "http://other/", NOW, every=HOUR, send=lambda *_: bytes(kept))

    @pytest.mark.parametrize("answer", [b"", b"<html>", b"\x30\x03\x02\x01\x00"])
    def test_refuses_what_is_no_timestamp(self, superuser_session: Session, answer: bytes) -> None:
        log(superuser_session, 0, 5)

        with pytest.raises(stamping.AuthorityUnavailable):
            stamping.stamp(
                superuser_session,
                "http://authority/",
                NOW,
                every=HOUR,
                send=lambda *_: answer,
            )

    def test_of_an_authority_that_is_down_stops_nothing(
        self, settings: Settings, superuser_session: Session, caplog: pytest.LogCaptureFixture
    ) -> None:
        log(superuser_session, 0, 5)
        with pytest.raises(stamping.AuthorityUnavailable):
            stamping.stamp(superuser_session, "http://127.0.0.1:9/", NOW, every=HOUR)
        log(superuser_session, 5, 5)

        assert verify(superuser_session).problem == ""
        stop = threading.Event()
        databases = Databases(settings, "test")
        timer = threading.Timer(0.5, stop.set)
        timer.start()
        worker.run(databases, ["http://127.0.0.1:9/"], HOUR, stop)
        timer.join()
        databases.dispose()


class TestAttack:
    def test_a_token_of_another_checkpoint_is_found(
        self, stamped: Session, authority: Authority
    ) -> None:
        stamped.execute(
            text(
                "UPDATE exchange.checkpoint_timestamp SET token = (SELECT token FROM"
                " exchange.checkpoint_timestamp WHERE tree_size = 20) WHERE tree_size = 10"
            )
        )

        verdict = verify(stamped, authority.root)

        assert (verdict.place, verdict.timestamps) == (9, 1)
        assert "the timestamp of the checkpoint of size 10" in verdict.problem

    def test_a_token_of_another_authority_is_found(
        self, stamped: Session, authority: Authority, tmp_path: Path
    ) -> None:
        with time_authority.answering(tmp_path / "other", "other.test") as other:
            stamping.stamp(stamped, other.address, NOW, every=HOUR)

            verdict = verify(stamped, authority.root)

            assert verdict.place == 19
            assert other.address in verdict.problem
            assert verify(stamped, authority.root, other.root).timestamps == 3

    def test_a_checkpoint_signed_anew_is_found_though_its_key_is_the_log_s(
        self, stamped: Session, authority: Authority
    ) -> None:
        stamped.execute(text("ALTER TABLE exchange.log_checkpoint DISABLE TRIGGER ALL"))
        forged = notes.sign_note(notes.Checkpoint(SIGNER.name, 10, bytes(32)).text(), [SIGNER])
        stamped.execute(
            text("UPDATE exchange.log_checkpoint SET note = :note WHERE tree_size = 10"),
            {"note": forged.serialize()},
        )
        roots = timestamps.read_authorities([authority.root])

        good, problems = timestamps.verify(stamped.connection().connection.cursor(), roots)

        assert good == 1
        assert [place for place, _ in problems] == [9]

    def test_what_is_no_certificate_is_refused(self) -> None:
        with pytest.raises(ValueError, match="PEM"):
            timestamps.read_authorities([b"no certificate"])

    def test_a_later_time_beside_the_token_is_found(
        self, stamped: Session, authority: Authority
    ) -> None:
        stamped.execute(
            text(
                "UPDATE exchange.checkpoint_timestamp SET stamped_at = stamped_at + interval '1s'"
                " WHERE tree_size = 20"
            )
        )

        assert verify(stamped, authority.root).place == 19

    def test_a_changed_byte_is_found_wherever_it_means_something(
        self, stamped: Session, authority: Authority
    ) -> None:
        statement = "SELECT token FROM exchange.checkpoint_timestamp WHERE tree_size = 10"
        token = bytes(stamped.scalar(text(statement)))
        roots = timestamps.read_authorities([authority.root])
        cursor = stamped.connection().connection.cursor()
        missed = []
        for place in range(0, len(token), 7):
            changed = bytearray(token)
            changed[place] ^= 0x01
            stamped.execute(
                text("UPDATE exchange.checkpoint_timestamp SET token = :t WHERE tree_size = 10"),
                {"t": bytes(changed)},
            )
            if timestamps.verify(cursor, roots)[0] == 2:
                missed.append(place)

        # The name of the signature's algorithm is outside of what is signed (RFC 5652, 5.3) and
        # decides nothing: the key does.
        at = token.rindex(_ECDSA_WITH_SHA256)
        name = range(at, at + len(_ECDSA_WITH_SHA256))
        assert [place for place in missed if place not in name] == []
