"""Candidates for what is known of somebody: found, weighed, logged; nothing said to who may not."""

import dataclasses
import json
import time
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc.util import urlsafe_b64encode

from databases import settings as settings_module
from databases.settings import Settings
from population import service as population_service
from population.values import PersonName
from sample_country import load
from sharing_api import app, bootstrap, keys
from sharing_api.agreements import repository
from sharing_api.client import ExchangeRefused
from sharing_api.disclosure import coalescing
from sharing_api.disclosure.in_house import Desk, Errand
from sharing_api.matching.index.filling import Filler
from sharing_api.matching.index.keeping import Keeper
from sharing_api.matching.model import read_model
from sharing_api.standards import validate
from tests.conftest import copied_databases
from tests.factories.exchange import LAW, PURPOSE, make_agreement
from tests.functional import world
from tests.functional.conftest import Exchange, read_receipt, require_problem, run_exchange
from tests.functional.test_evidence import Evidence

CITIZEN, FIRM = "population/citizen", "enterprise/enterprise"
MATCHING = {
    "combinations": [
        ["full_name", "birth_date"],
        ["full_name", "address"],
        ["personal_number"],
        ["full_name", "birth_date", "sex"],
    ],
    "most_hits": 2,
    "least_probability": 0.5,
}
FIELDS = ("pin", "birth_full_name", "full_name", "date_of_birth", "sex", "permanent_residence")
LINKED = {
    "predicates": [],
    "operations": ["linkage"],
    "linkage_with": ["index"],
}
DECOMPOSED = unicodedata.normalize("NFD", "Nguyễn Thị Lan")
LAN = {"full_name": "nguyen thi lan", "birth_date": "28/02/1990"}


def _terms(**changes: Any) -> dict[str, Any]:
    return {
        "fields": dict.fromkeys(FIELDS, "full"),
        "predicates": [],
        "operations": ["candidates"],
        "matching": MATCHING,
        **changes,
    }


CLIENTS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "finder": ("H70", {"datasets": {CITIZEN: _terms()}}),
    "sure finder": (
        "H71",
        {"datasets": {CITIZEN: _terms(matching={**MATCHING, "least_probability": 1})}},
    ),
    "ca mau finder": (
        "H72",
        {
            "datasets": {CITIZEN: _terms()},
            "territory": {"version": "19/2025", "provinces": ["96"]},
        },
    ),
    "half finder": (
        "H73",
        {
            "datasets": {
                CITIZEN: _terms(
                    fields={**dict.fromkeys(FIELDS, "full"), "date_of_birth": "year_only"}
                )
            }
        },
    ),
    "firm finder": (
        "H74",
        {
            "datasets": {
                FIRM: _terms(
                    fields={"enterprise_code": "full", "name_vi": "full"},
                    matching={**MATCHING, "combinations": [["name"]]},
                )
            }
        },
    ),
    "matching": (
        "H75",
        {
            "datasets": {
                CITIZEN: {
                    **LINKED,
                    "fields": dict.fromkeys((*FIELDS, "mobile_no", "old_id_9"), "full"),
                },
                FIRM: {
                    **LINKED,
                    "fields": dict.fromkeys(("enterprise_code", "name_vi", "head_office"), "full"),
                },
            }
        },
    ),
}


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  a test asks now


@contextmanager
def open_filler(exchange: Exchange) -> Iterator[Filler]:
    with app.open_corridor(exchange.site) as corridor:
        errand = Errand("matching", "test", PURPOSE, LAW, "index")
        desk, keeper = Desk(corridor, _now), Keeper(corridor.subject_key)
        yield Filler(desk, corridor.databases, keeper, errand, read_model())


def bring_up(exchange: Exchange, *datasets: str) -> int:
    with open_filler(exchange) as filler:
        return sum(filler.update(one, _now().date(), lambda *_: None) for one in datasets)


@pytest.fixture(scope="module")
def exchange(
    settings: Settings, cluster_url: str, worker: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Exchange]:
    """An exchange before a small country: among three people nobody could be told from others."""
    everything = settings_module.DATABASES
    for copied in copied_databases(settings, cluster_url, worker, "alike", everything):
        site = dataclasses.replace(copied, home=tmp_path_factory.mktemp("alike"))
        load.load_sample_country(site, 1_500, 77, lambda *_: None)
        yield from run_exchange(site, cluster_url)


@pytest.fixture(scope="module")
def finders(exchange: Exchange) -> Exchange:
    """The exchange with an index, and systems that may ask it more or less."""
    private = {
        name: keys.to_jwk(keys.make_private(exchange.site.keys / f"{name}.key")) for name in CLIENTS
    }
    codes = ("G01", *(agency for agency, _ in CLIENTS.values()))
    agencies = {
        code: keys.to_jwk(keys.make_private(exchange.site.keys / f"agency_{code}.key"))
        for code in codes
    }
    with exchange.databases.writing("exchange") as session:
        for code, key in agencies.items():
            repository.save_agency(
                session, agency_code=code, name_vi=code, jwks=world.jwks(key), at=_now()
            )
        for client, (agency, changes) in CLIENTS.items():
            jwks = world.jwks(private[client])
            repository.save_client(
                session, client_id=client, agency_code=agency, jwks=jwks, at=_now()
            )
            content = make_agreement(agreement=f"G01-{agency}", consumer=agency, **changes)
            bootstrap.enter_agreement(session, content, agencies, _now())
        repository.announce(session)
    exchange.client_keys = {**exchange.client_keys, **private}
    exchange.until(lambda: _is_known(exchange))
    bring_up(exchange, CITIZEN, FIRM)
    return exchange


def _is_known(exchange: Exchange) -> bool:
    try:
        return bool(exchange.client("firm finder").token())
    except ExchangeRefused:  # the running exchange has not heard of it yet
        return False


def question(given: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    made = {
        "subject": "person",
        "given": given,
        "fields": ["pin"],
        "purpose": PURPOSE,
        "legal_basis": LAW,
        "officer": "cb-01",
        "case": "H-7",
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def ask(
    exchange: Exchange, message: Mapping[str, Any] | bytes, client: str | None = "finder", **h: str
) -> httpx2.Response:
    return exchange.ask("matching", "candidates", message, client, **h)


def pins(response: httpx2.Response) -> list[str]:
    assert response.status_code == 200, response.text
    document = response.json()
    assert validate.find_problems("candidates", "1.0", document) == ()
    return [one["record"]["pin"] for one in document["candidates"]]


class TestAnswer:
    @pytest.mark.parametrize(
        "given",
        [
            LAN,
            {"full_name": "NGUYỄN THỊ LAN", "birth_date": "1990-02-28"},
            {
                "full_name": unicodedata.normalize("NFD", "Nguyễn Thị Lan"),
                "birth_date": "28-Feb-90",
            },
            {"full_name": "Nguyen Lan", "birth_date": "28.2.90", "sex": "nữ"},
            {"full_name": "Nguyễn Thị Lân", "birth_date": "19900228"},
            {"full_name": "Lan Nguyễn Thị", "birth_date": "Ngày 28 tháng 2 năm 1990"},
            {"personal_number": world.LAN},
            {"personal_number": world.LAN, "full_name": "nguyen lan"},
        ],
    )
    def test_finds_who_is_meant_however_it_is_written(
        self, finders: Exchange, given: Mapping[str, str]
    ) -> None:
        assert pins(ask(finders, question(given))) == [world.LAN]

    def test_says_why_field_by_field(self, finders: Exchange) -> None:
        given = {**LAN, "sex": "1"}

        response = ask(finders, question(given, fields=["pin", "sex"]))

        document = response.json()
        (candidate,) = document["candidates"]
        likeness = {one["field"]: one for one in candidate["likeness"]}
        assert {name: one["level"] for name, one in likeness.items()} == {
            "full_name": "signs_lost",
            "birth_date": "same",
            "sex": "different",
        }
        assert likeness["birth_date"]["bits"] > 0 > likeness["sex"]["bits"]
        total = candidate["prior"] + candidate["dependence"]
        total += sum(one["bits"] for one in candidate["likeness"])
        assert candidate["weight"] == pytest.approx(total, abs=0.05)
        assert candidate["record"].keys() == {"pin", "sex"}
        assert document["model"] == "1"
        assert document["index_change"] <= document["change"]

    def test_of_a_firm_is_found_without_its_legal_form(self, finders: Exchange) -> None:
        message = question(
            {"name": "cty tnhh xa"}, subject="enterprise", fields=["enterprise_code"]
        )

        response = ask(finders, message, "firm finder")

        records = [one["record"] for one in response.json()["candidates"]]
        assert records == [{"enterprise_code": world.FAR_FIRM}]

    def test_has_a_receipt_and_an_entry_for_whom_it_shows(self, finders: Exchange) -> None:
        body = json.dumps(question(LAN)).encode()

        with finders.logged() as fresh:
            response = ask(finders, body)

        (entry,) = fresh
        receipt = read_receipt(response)
        assert receipt["request_hash"] == _hash(body)
        assert receipt["answer_hash"] == _hash(response.content)
        assert entry["subject_tag"] is not None
        assert (entry["operation"], entry["rule"]) == ("candidates", "found")
        assert entry["fields"] == ["date_of_birth", "full_name", "pin"]
        assert "lan" not in str(entry).lower().replace("candidates", "")

    def test_is_proved_by_the_verifier_that_stands_alone(
        self, finders: Exchange, tmp_path: Path
    ) -> None:
        answer = finders.client("finder").find_candidates(question(LAN))
        evidence = Evidence(tmp_path, finders, answer)
        before = evidence.verify()
        evidence.flip("answer.json")

        after = evidence.verify()

        assert answer.document["count"] == 1
        assert "FAILED" not in before.values()
        assert list(before.values()).count("ok") >= 3
        assert "FAILED" in after.values()


def _hash(content: bytes) -> str:
    return urlsafe_b64encode(sha256(content).digest()).decode()


class TestNobody:
    NOBODY: Mapping[str, str] = {"full_name": "Tạ Không Có", "birth_date": "1950-01-02"}

    def test_looks_like_nobody_probable_enough(self, finders: Exchange) -> None:
        nobody = ask(finders, question(self.NOBODY), "sure finder")
        withheld = ask(finders, question(LAN), "sure finder")

        one, other = nobody.json(), withheld.json()
        assert one["candidates"] == other["candidates"] == []
        assert {**one, "time": ""} == {**other, "time": ""}

    def test_is_said_no_sooner_than_who_is_withheld(self, finders: Exchange) -> None:
        for given in (self.NOBODY, LAN):
            start = time.monotonic()
            ask(finders, question(given), "sure finder")
            assert time.monotonic() - start >= coalescing.NOBODY_ALIKE_SECONDS

    def test_leaves_one_entry_about_nobody(self, finders: Exchange) -> None:
        with finders.logged() as fresh:
            ask(finders, question(self.NOBODY))

        (entry,) = fresh
        assert entry["subject_tag"] is None
        assert (entry["rule"], entry["fields"]) == ("nothing_found", [])

    def test_is_found_outside_the_territory(self, finders: Exchange) -> None:
        tu = {"full_name": "Ngô Văn Tư", "birth_date": "1985-05"}

        assert pins(ask(finders, question(tu), "ca mau finder")) == [world.TU]
        assert pins(ask(finders, question(LAN), "ca mau finder")) == []


class TestRefusals:
    @pytest.mark.parametrize(
        ("given", "client", "rule", "field"),
        [
            ({"full_name": "Nguyễn Thị Lan"}, "finder", "combination.not_given", "given"),
            (
                {**LAN, "telephone": "0912345678"},
                "finder",
                "match_field.not_granted",
                "given.telephone",
            ),
            (LAN, "half finder", "match_field.field_not_granted", "given.birth_date"),
            (LAN, "firm finder", "dataset.not_granted", "dataset"),
            (LAN, "full", "operation.not_granted", "operation"),
        ],
    )
    def test_name_rule_and_field(
        self, finders: Exchange, given: Mapping[str, str], client: str, rule: str, field: str
    ) -> None:
        with finders.logged() as fresh:
            response = ask(finders, question(given), client)

        document = require_problem(response, 403, "exchange.refused")
        assert [(one["field"], one["rule"]) for one in document["fields"]] == [(field, rule)]
        assert [row["rule"] for row in fresh] == [rule]

    def test_of_a_field_that_is_not_granted(self, finders: Exchange) -> None:
        response = ask(finders, question(LAN, fields=["blood_group"]))

        document = require_problem(response, 403)
        assert document["fields"][0]["field"] == "fields.blood_group"

    def test_read_nothing(self, finders: Exchange, statements: list[tuple[str, str]]) -> None:
        ask(finders, question({"full_name": "Nguyễn Thị Lan"}))

        assert not [one for one in statements if "matching_entry" in one[1] or one[0] != "exchange"]

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"given": {}}, "/given"),
            ({"given": {"shoe_size": "41"}}, "/given/shoe_size"),
            ({"given": {"full_name": ""}}, "/given/full_name"),
            ({"given": {"full_name": "  --  ", "birth_date": "1990"}}, "/given/full_name"),
            ({"given": {"full_name": "Lan", "birth_date": "yesterday"}}, "/given/birth_date"),
            ({"given": {"full_name": "Lan", "sex": "x"}}, "/given/sex"),
            ({"given": {"full_name": 7}}, "/given/full_name"),
            ({"given": {"full_name": "A" * 201}}, "/given/full_name"),
            ({"given": {"personal_number": "000000000000"}}, "/given/personal_number"),
            ({"given": "Lan"}, "/given"),
            ({"agreement": "x"}, "/agreement"),
            ({"fields": []}, "/fields"),
            ({"limit": 0}, "/limit"),
            ({"limit": 21}, "/limit"),
            ({"subject": "dog"}, "/subject"),
            ({"subject": None}, ""),
            ({"dataset": CITIZEN}, ""),
            ({"as_of": 3}, "/as_of"),
        ],
    )
    def test_of_bad_input_name_the_field(
        self, finders: Exchange, changes: Mapping[str, Any], field: str
    ) -> None:
        response = ask(finders, question(**{"given": LAN, **changes}))

        document = require_problem(response, 422, "matching.invalid_question")
        assert field in [one["field"] for one in document["fields"]]
        assert "yesterday" not in response.text

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b"", 400),
            (b"\xff", 400),
            (b'{"given": {"a": 1, "a": 2}}', 400),
            (b'{"given":' + b"[" * 5000 + b"]" * 5000 + b"}", 400),
            (b'{"given": {"full_name": "\\ud800"}}', 400),
            (b'"' + b"a" * 300_000 + b'"', 413),
        ],
    )
    def test_of_what_cannot_be_read(self, finders: Exchange, body: bytes, status: int) -> None:
        require_problem(ask(finders, body), status)

    def test_of_xml(self, finders: Exchange) -> None:
        response = ask(finders, question(LAN), accept="application/xml")

        assert response.status_code == 406

    def test_of_who_does_not_say_who_it_is(self, finders: Exchange) -> None:
        require_problem(ask(finders, question(LAN), client=None), 401)

    def test_of_a_dataset_without_an_index(self, finders: Exchange) -> None:
        message = question(LAN, subject=None, dataset="population/nothing")

        require_problem(ask(finders, message), 403)


class TestStaleness:
    def test_is_noticed_before_anything_is_said(self, finders: Exchange) -> None:
        """The index still has the old name; the register's is compared, and said."""
        mo = {"full_name": "Đặng Văn Mơ", "birth_date": "1985"}
        assert pins(ask(finders, question(mo))) == [world.MO]
        with finders.databases.writing("population") as session:
            population_service.correct_item(
                session,
                act=world._act(),
                pin=world.MO,
                item="name",
                value=PersonName("Trịnh Hoài Phượng", "Trịnh", "Hoài", "Phượng"),
            )

        assert pins(ask(finders, question(mo))) == []

        read = bring_up(finders, CITIZEN)
        new = {"full_name": "Trinh Hoai Phuong", "birth_date": "1985"}
        assert read == 1
        assert pins(ask(finders, question(new))) == [world.MO]
        assert pins(ask(finders, question(mo))) == []

    def test_is_told_by_the_indexer(self, finders: Exchange) -> None:
        with open_filler(finders) as filler:
            today = _now().date()
            filler.update(CITIZEN, today, lambda *_: None)

            assert not filler.is_behind(CITIZEN, today)
            assert filler.is_behind(CITIZEN, date(2030, 1, 1))
