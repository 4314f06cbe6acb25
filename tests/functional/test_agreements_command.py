"""`./natdb agreements`: the life of an agreement from the terminal."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OKPKey
from lxml import etree

from sharing_api.agreements.life import papers
from tests.conftest import ROOT
from tests.functional import world
from tests.functional.conftest import Exchange
from tests.functional.test_agreements import CITIZEN, make_content
from tests.functional.world import question

GROUNDS = ("--reason", "not ours", "--legal-basis", "Decree 194/2025/NĐ-CP art. 16")


class Terminal:
    """Runs commands on the site of the exchange."""

    def __init__(self, exchange: Exchange, folder: Path) -> None:
        self._exchange = exchange
        self._folder = folder

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        site = self._exchange.site
        return subprocess.run(
            [sys.executable, "-m", "command_line.main", "agreements", *words],
            cwd=ROOT,
            env={**os.environ, **site.values, "NATDB_HOME": str(site.home)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def says(self, *words: str) -> str:
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def propose(self, content: dict[str, Any]) -> str:
        path = self._folder / f"{content['agreement']}.json"
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2))
        return self.says("propose", str(path), "--as", "H91").splitlines()[1]


@pytest.fixture
def terminal(exchange: Exchange, tmp_path: Path) -> Terminal:
    return Terminal(exchange, tmp_path)


class TestLife:
    def test_is_told_from_proposal_to_end(self, terminal: Terminal) -> None:
        content = make_content(title="Kể từ đầu đến cuối")
        made = terminal.propose(content)

        assert "is in_force" in terminal.says("accept", made[:12], "--as", "H92")
        assert "is suspended" in terminal.says("suspend", made[:12], "--as", "H92", *GROUNDS)
        assert "is in_force" in terminal.says("resume", made[:12], "--as", "H92")
        assert "is revoked" in terminal.says("revoke", made[:12], "--as", "H91", *GROUNDS)
        told = terminal.says("show", made[:12])
        assert "suspend by H92 (operator" in told
        assert "not ours; Decree 194/2025/NĐ-CP art. 16" in told
        listed = terminal.says("list", "--agency", "H91", "--state", "revoked")
        assert made[:12] in listed

    def test_refusal_needs_its_grounds(self, terminal: Terminal) -> None:
        made = terminal.propose(make_content())

        done = terminal.run("refuse", made[:12], "--as", "H92")

        assert done.returncode == 1
        assert "legal_basis: Say so in writing." in done.stderr
        assert "is refused" in terminal.says("refuse", made[:12], "--as", "H92", *GROUNDS)

    def test_waiting_proposals_have_a_last_day(self, terminal: Terminal) -> None:
        made = terminal.propose(make_content())

        told = terminal.says("overdue", "--all", "--agency", "H91")

        assert f"{made[:12]}" in told
        assert "H92 was to answer by" in told

    def test_papers_are_xml_and_json(self, terminal: Terminal) -> None:
        made = terminal.propose(make_content())

        root = etree.fromstring(terminal.says("paper", made[:12], "--xml").encode())
        members = json.loads(terminal.says("paper", made[:12]))

        assert root.tag == f"{{{papers.NAMESPACE}}}edXML"
        assert "edXMLEnvelope" in members


class TestKeys:
    def test_are_registered_listed_and_revoked(self, terminal: Terminal, tmp_path: Path) -> None:
        key = OKPKey.generate_key("Ed25519")
        path = tmp_path / "key.json"
        path.write_text(json.dumps(key.as_dict(private=False)))

        terminal.says("keys", "register", "H92", str(path))
        assert key.thumbprint() in terminal.says("keys", "list", "--agency", "H92")
        # A thumbprint may begin with a hyphen.
        terminal.says("keys", "revoke", "--reason", "a test", "--", "H92", key.thumbprint())
        assert "a test" in terminal.says("keys", "list", "--agency", "H92")

    def test_private_ones_are_not_taken(self, terminal: Terminal, tmp_path: Path) -> None:
        path = tmp_path / "key.json"
        path.write_text(json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)))

        done = terminal.run("keys", "register", "H92", str(path))

        assert done.returncode == 1
        assert "private key" in done.stderr


class TestDelegations:
    def test_are_entered_and_ended(self, terminal: Terminal) -> None:
        said = terminal.says("delegations", "enter", "H92", "--to", "H90", "--legal-basis", "law")
        number = said.split()[1].rstrip(":")

        terminal.says("delegations", "end", number, "--reason", "a test")

        assert "H90 acts for H92 by law, ended" in terminal.says("delegations", "list")


class TestSimulate:
    def test_replays_the_log_before_anybody_signs(
        self, terminal: Terminal, exchange: Exchange, tmp_path: Path
    ) -> None:
        content = make_content()
        content["datasets"] = {
            CITIZEN: {
                "fields": {"blood_group": "full", "marital_status": "full"},
                "predicates": [],
                "operations": ["look-up", "batch"],
            }
        }
        made = terminal.propose(content)
        terminal.says("accept", made[:12], "--as", "H92")

        def ask(*fields: str, key: str = world.LAN, operation: str = "look-up") -> int:
            asked = question(CITIZEN, operation, key, fields=list(fields), agreement=made)
            return exchange.ask(CITIZEN, operation, asked, "by-key").status_code

        exchange.until(lambda: ask("blood_group") == 200)
        for key in (world.LAN, world.TU, world.NOBODY):
            ask("marital_status", key=key)
        ask("religion")
        ask("blood_group", key=world.TU, operation="batch")
        path = tmp_path / "new.json"
        newer = {**content, "version": 2, "previous": made}
        newer["datasets"] = {
            CITIZEN: {
                "fields": {"blood_group": "full", "religion": "full"},
                "predicates": [],
                "operations": ["look-up", "batch"],
            }
        }
        path.write_text(json.dumps(newer))

        told = terminal.says("simulate", str(path), "--as", "H91", "--against", "1h")
        refused = terminal.run("simulate", str(path), "--as", "H93")

        assert "lost (bớt): field marital_status of population/citizen, as full" in told
        assert "gained (thêm): field religion of population/citizen" in told
        assert "Tôn giáo" in told
        assert re.search(
            r"3 look-up population/citizen: field.not_granted \(fields.marital_status\); 3 persons",
            told,
        )
        assert re.search(r"1 look-up population/citizen: field.not_granted; 1 persons", told)
        # Tư is still told of by the batch, Lan by her blood group; nobody is known by no number.
        assert "Persons lost: 1; persons gained: 0" in told
        assert world.LAN not in told
        assert "Of 0 questions the log does not keep" in told
        assert refused.returncode == 1
        assert "marital_status" in terminal.says("diff", made[:12], str(path))


class TestProtected:
    def test_are_entered_once_and_ended_once(self, terminal: Terminal) -> None:
        person = "population:001190000099"

        said = [
            terminal.says("protected", "enter", person, "--legal-basis", "invented")
            for _ in range(2)
        ]
        terminal.says("protected", "end", person, "--reason", "a test")
        again = terminal.run("protected", "end", person, "--reason", "a test")

        assert [one.split()[1] for one in said] == ["from", "already;"]
        assert again.returncode == 1


class TestBadInput:
    @pytest.mark.parametrize(
        "words",
        [
            ("show", "ffffffff"),
            ("accept", "ffffffff", "--as", "H92"),
            ("list", "--state", "sleeping"),
            ("delegations", "end", "999999", "--reason", "x"),
            ("keys", "revoke", "H92", "nothing", "--reason", "x"),
            ("protected", "enter", "weather:1", "--legal-basis", "x"),
        ],
    )
    def test_is_answered_in_one_sentence(self, terminal: Terminal, words: tuple[str, ...]) -> None:
        done = terminal.run(*words)

        assert done.returncode in (1, 2)
        assert done.stderr
        assert "Traceback" not in done.stderr
