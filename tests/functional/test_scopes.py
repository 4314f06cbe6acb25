"""What an agreement does not reach looks like nobody; whoever asks for another is known as such."""

import statistics
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from sharing_api import bootstrap, keys
from sharing_api.access_log import entries
from sharing_api.agreements import repository
from sharing_api.client import ExchangeRefused
from tests.factories.exchange import make_agreement
from tests.functional import world
from tests.functional.conftest import Exchange, require_problem
from tests.functional.test_look_up import looks
from tests.functional.world import question

CITIZEN = "population/citizen"
FIELDS = {
    "pin": "full",
    "birth_full_name": "full",
    "full_name": "full",
    "sex": "full",
    "date_of_birth": "full",
}
TERMS = {
    "fields": FIELDS,
    "predicates": ["name", "date_of_birth"],
    "operations": ["look-up", "verify", "batch", "search"],
}
ADULTS = {"conditions": [{"field": "is_adult", "operator": "eq", "value": True}]}
MEN = {"conditions": [{"field": "sex", "operator": "eq", "value": "1"}]}
ROUNDS = 12
VEILED = {
    **TERMS,
    "fields": {"pin": "pairwise_pseudonym"},
    "predicates": [],
    "operations": ["look-up"],
}
# client → agency, what its agreement says
SCOPES: Mapping[str, tuple[str, dict[str, Any]]] = {
    "of adults": ("Y01", {"population": ADULTS}),
    "of men": ("Y02", {"population": MEN}),
    "of everybody": ("Y03", {}),
    "of the protected": ("Y04", {"standard": "agreement/1.2", "protected_persons": True}),
    "by the minute": ("Y05", {"quota": {"per_day": None, "per_minute": 3}}),
    "principal": (
        "Y06",
        {
            "delegates": [
                {"agency": "Y07", "clients": ["delegate"]},
                {"agency": "Y08", "valid_to": "2026-01-01"},
            ]
        },
    ),
    "strict": (
        "Y09",
        {
            "standard": "agreement/1.2",
            "procedures": ["birth_registration"],
            "unfit_purposes": "refuse",
        },
    ),
    "careless": ("Y10", {"procedures": ["birth_registration"]}),
    "one veil": ("Y11", {"datasets": {CITIZEN: VEILED}}),
    "other veil": ("Y12", {"datasets": {CITIZEN: VEILED}}),
}
OTHERS = {"delegate": "Y07", "other of Y07": "Y07", "former delegate": "Y08"}


@pytest.fixture(scope="module")
def scoped(exchange: Exchange, namesakes: None) -> Exchange:
    """The exchange with agencies whose agreements reach some people only."""
    at = datetime.now(UTC)  # noqa: TID251  records of a test are made now
    agencies = {agency for agency, _ in SCOPES.values()} | set(OTHERS.values()) | {"G01"}
    folder = exchange.site.keys
    signing = {
        code: keys.to_jwk(keys.make_private(folder / f"agency_{code}.key")) for code in agencies
    }
    clients = {name: agency for name, (agency, _) in SCOPES.items()} | OTHERS
    private = {name: keys.to_jwk(keys.make_private(folder / f"{name}.key")) for name in clients}
    with exchange.databases.writing("exchange") as session:
        for code, key in signing.items():
            repository.save_agency(
                session, agency_code=code, name_vi=code, jwks=world.jwks(key), at=at
            )
        for name, agency in clients.items():
            jwks = world.jwks(private[name])
            repository.save_client(session, client_id=name, agency_code=agency, jwks=jwks, at=at)
        for agency, changes in SCOPES.values():
            content = make_agreement(
                **{
                    "agreement": f"G01-{agency}-scope",
                    "consumer": agency,
                    "datasets": {CITIZEN: TERMS},
                    **changes,
                }
            )
            bootstrap.enter_agreement(session, content, signing, at)
    exchange.client_keys = {**exchange.client_keys, **private}
    exchange.until(lambda: _is_known(exchange))
    return exchange


def _is_known(exchange: Exchange) -> bool:
    try:
        return bool(exchange.client("other veil").token())
    except ExchangeRefused:
        return False


class TestPopulation:
    @pytest.mark.parametrize("operation", ["look-up", "verify"])
    def test_outside_looks_exactly_like_nobody(self, scoped: Exchange, operation: str) -> None:
        with scoped.logged() as rows:
            outside, nobody = (
                scoped.ask(CITIZEN, operation, question(CITIZEN, operation, key), "of adults")
                for key in (world.CHILD, world.NOBODY)
            )

        require_problem(outside, 404, "exchange.record_not_found")
        assert looks(outside) == looks(nobody)
        assert [row["rule"] for row in rows] == ["outside_population", "not_found"]
        assert [row["fields"] for row in rows] == [[], []]

    def test_inside_is_told(self, scoped: Exchange) -> None:
        message = question(CITIZEN, "look-up", world.LAN)

        assert scoped.ask(CITIZEN, "look-up", message, "of adults").status_code == 200

    def test_of_a_batch_is_told_of_those_inside_only(self, scoped: Exchange) -> None:
        message = question(CITIZEN, "batch", world.LAN, world.CHILD, world.NOBODY)

        answer = scoped.ask(CITIZEN, "batch", message, "of adults").json()

        assert [one["status"] for one in answer["answers"]] == ["found", "not_found", "not_found"]

    def test_of_a_search_is_told_as_if_nobody_else_was(self, scoped: Exchange) -> None:
        # Of three of this name two are children; they come first, by their numbers.
        message = question(CITIZEN, "search", limit=1)

        of_men = scoped.ask(CITIZEN, "search", message, "of men").json()
        everybody = scoped.ask(CITIZEN, "search", message, "of everybody").json()

        assert [one["pin"] for one in everybody["records"]] == [world.CHILD]
        assert [one["pin"] for one in of_men["records"]] == [world.TU]

    def test_shows_in_no_time(self, scoped: Exchange) -> None:
        took: dict[str, list[float]] = {world.CHILD: [], world.NOBODY: []}
        for _ in range(ROUNDS):
            for key, times in took.items():
                message = question(CITIZEN, "look-up", key)
                began = time.perf_counter()
                scoped.ask(CITIZEN, "look-up", message, "of adults")
                times.append(time.perf_counter() - began)

        assert min(statistics.median(times) for times in took.values()) >= 0.025


class TestProtected:
    @pytest.fixture(autouse=True)
    def protected(self, scoped: Exchange) -> Any:
        tag = entries.subject_tag(scoped.keys.subject, "population", world.MO)
        at = datetime.now(UTC)  # noqa: TID251  as above
        with scoped.databases.writing("exchange") as session:
            repository.protect(
                session,
                subject_tag=tag,
                register="population",
                legal_basis="invented",
                entered_by="tester",
                at=at,
            )
        message = question(CITIZEN, "look-up", world.MO)

        def status() -> int:
            return scoped.ask(CITIZEN, "look-up", message, "of everybody").status_code

        scoped.until(lambda: status() == 404)
        yield
        with scoped.databases.writing("exchange") as session:
            assert repository.end_protection(session, subject_tag=tag, reason="x", at=at)
        scoped.until(lambda: status() == 200)

    @pytest.mark.parametrize("operation", ["look-up", "verify"])
    def test_look_exactly_like_nobody(self, scoped: Exchange, operation: str) -> None:
        with scoped.logged() as rows:
            protected, nobody = (
                scoped.ask(CITIZEN, operation, question(CITIZEN, operation, key), "of everybody")
                for key in (world.MO, world.NOBODY)
            )

        assert looks(protected) == looks(nobody)
        assert [row["rule"] for row in rows] == ["protected", "not_found"]

    def test_are_not_found_by_a_search(self, scoped: Exchange) -> None:
        message = question(CITIZEN, "search", predicates={"name": "Đặng Văn Mơ"})

        withheld = scoped.ask(CITIZEN, "search", message, "of everybody").json()
        told = scoped.ask(CITIZEN, "search", message, "of the protected").json()

        assert (withheld["count"], told["count"]) == (0, 1)

    def test_are_told_with_the_right_of_it_and_flagged(self, scoped: Exchange) -> None:
        with scoped.logged() as rows:
            response = scoped.ask(
                CITIZEN, "look-up", question(CITIZEN, "look-up", world.MO), "of the protected"
            )

        assert response.status_code == 200
        assert [row["rule"] for row in rows] == ["found_protected"]


class TestMinute:
    def test_has_so_many_questions(self, scoped: Exchange) -> None:
        message = question(CITIZEN, "look-up", world.LAN)

        responses = [scoped.ask(CITIZEN, "look-up", message, "by the minute") for _ in range(9)]

        refused = [one for one in responses if one.status_code == 429]
        assert 3 <= len(refused) <= 6  # the minute may end meanwhile, once
        assert all(1 <= int(one.headers["retry-after"]) <= 61 for one in refused)


class TestDelegates:
    @pytest.mark.parametrize(
        ("client", "status"),
        [("principal", 200), ("delegate", 200), ("other of Y07", 403), ("former delegate", 403)],
    )
    def test_ask_in_the_consumers_name(self, scoped: Exchange, client: str, status: int) -> None:
        message = question(CITIZEN, "look-up", world.LAN)

        with scoped.logged() as rows:
            response = scoped.ask(CITIZEN, "look-up", message, client)

        assert response.status_code == status
        assert [(row["agency"], row["client"]) for row in rows] == [
            ((OTHERS | {"principal": "Y06"})[client], client)
        ]


class TestUnfitPurpose:
    def ask(self, scoped: Exchange, client: str) -> Any:
        message = question(CITIZEN, "look-up", world.LAN, procedure="birth_registration")
        return scoped.ask(CITIZEN, "look-up", message, client)

    def test_is_refused_where_the_agreement_says_so(self, scoped: Exchange) -> None:
        document = require_problem(self.ask(scoped, "strict"), 403, "exchange.refused")

        assert document["fields"][0]["rule"] == "purpose.unfit"

    def test_is_noted_elsewhere(self, scoped: Exchange) -> None:
        with scoped.logged() as rows:
            response = self.ask(scoped, "careless")

        assert response.status_code == 200
        assert rows[0]["transport"]["warning"] == "purpose.unfit"


class TestPseudonym:
    def ask(self, scoped: Exchange, client: str, key: str) -> Any:
        message = question(CITIZEN, "look-up", key, fields=["pin"])
        return scoped.ask(CITIZEN, "look-up", message, client)

    def test_of_one_agreement_is_none_of_another_and_opens_nothing(self, scoped: Exchange) -> None:
        one, other = (
            self.ask(scoped, client, world.LAN).json()["records"][0]["pin"]
            for client in ("one veil", "other veil")
        )

        assert one != other
        for client in ("one veil", "other veil"):
            require_problem(self.ask(scoped, client, one), 422, "exchange.invalid_key")
