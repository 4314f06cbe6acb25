"""Which act follows which state: the whole table, each pair once."""

import itertools
from datetime import UTC, date, datetime
from typing import Any

import pytest

from sharing_api.agreements.life import errors, rules
from sharing_api.agreements.life.values import Act, Actor, Deed, Grounds, State, Version
from tests.factories.exchange import make_agreement

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
POSSIBLE = {
    (Act.PROPOSE, State.DRAFTED),
    (Act.ACCEPT, State.PROPOSED),
    (Act.REFUSE, State.PROPOSED),
    (Act.SUSPEND, State.IN_FORCE),
    (Act.RESUME, State.SUSPENDED),
    (Act.REVOKE, State.ACCEPTED),
    (Act.REVOKE, State.IN_FORCE),
    (Act.REVOKE, State.SUSPENDED),
}
BOTH = Grounds("no need any more", "Decree 194/2025/NĐ-CP art. 16")


def make_version(state: State = State.PROPOSED, number: int = 1, **changes: Any) -> Version:
    content = make_agreement(version=number, **changes)
    return Version(
        "ab" * 32,
        content["agreement"],
        number,
        content["provider"],
        content["consumer"],
        state,
        NOW,
        content,
    )


def make_deed(act: Act, grounds: Grounds = BOTH) -> Deed:
    return Deed(act, Actor("H90", "one-stop"), "ab" * 32, NOW, grounds=grounds)


class TestRequirePossible:
    @pytest.mark.parametrize(("act", "state"), list(itertools.product(rules.RULES, State)))
    def test_lets_an_act_follow_its_states_only(self, act: Act, state: State) -> None:
        version = make_version(state)
        if (act, state) in POSSIBLE:
            assert rules.require_possible(version, state, make_deed(act)) is rules.RULES[act]
            return

        with pytest.raises(errors.WrongState) as refused:
            rules.require_possible(version, state, make_deed(act))

        assert state in refused.value.fields[0].message

    @pytest.mark.parametrize(
        ("act", "state"),
        [
            (Act.REFUSE, State.PROPOSED),
            (Act.SUSPEND, State.IN_FORCE),
            (Act.REVOKE, State.SUSPENDED),
        ],
    )
    @pytest.mark.parametrize(
        ("grounds", "missing"),
        [
            (Grounds("why", ""), ["legal_basis"]),
            (Grounds(" ", "law"), ["reason"]),
            (Grounds(), ["reason", "legal_basis"]),
        ],
    )
    def test_asks_for_reason_and_legal_basis(
        self, act: Act, state: State, grounds: Grounds, missing: list[str]
    ) -> None:
        with pytest.raises(errors.GroundsMissing) as refused:
            rules.require_possible(make_version(state), state, make_deed(act, grounds))

        assert [one.field for one in refused.value.fields] == missing


class TestRequireParty:
    def test_lets_the_other_party_accept_only(self) -> None:
        version, rule = make_version(), rules.RULES[Act.ACCEPT]

        rules.require_party(version, rule, "G01", "H90")
        with pytest.raises(errors.WrongParty):
            rules.require_party(version, rule, "H90", "H90")

    def test_lets_one_agency_be_both_parties(self) -> None:
        version = make_version(provider="H90")

        rules.require_party(version, rules.RULES[Act.ACCEPT], "H90", "H90")

    def test_lets_who_suspended_resume_only(self) -> None:
        version, rule = make_version(State.SUSPENDED), rules.RULES[Act.RESUME]

        rules.require_party(version, rule, "G01", "G01")
        with pytest.raises(errors.WrongParty):
            rules.require_party(version, rule, "H90", "G01")


class TestRequireContinuation:
    def test_lets_the_first_and_the_next_version_be(self) -> None:
        rules.require_continuation(make_version(), None)
        rules.require_continuation(
            make_version(number=2, previous="cd" * 32), make_version(State.REFUSED)
        )

    @pytest.mark.parametrize(
        ("changes", "previous"),
        [
            pytest.param({"number": 2}, None, id="names_none"),
            pytest.param({"number": 2, "previous": "cd" * 32}, None, id="unknown"),
            pytest.param(
                {"number": 2, "previous": "cd" * 32}, make_version(State.DRAFTED), id="a_draft"
            ),
            pytest.param({"number": 3, "previous": "cd" * 32}, make_version(), id="a_gap"),
            pytest.param({"number": 1, "previous": "cd" * 32}, make_version(), id="no_growth"),
            pytest.param(
                {"number": 2, "previous": "cd" * 32},
                make_version(agreement="G01-H90-other"),
                id="of_another_agreement",
            ),
            pytest.param(
                {"number": 2, "previous": "cd" * 32},
                make_version(consumer="H91"),
                id="of_other_parties",
            ),
        ],
    )
    def test_refuses_what_does_not_continue(
        self, changes: dict[str, Any], previous: Version | None
    ) -> None:
        with pytest.raises(errors.WrongVersion):
            rules.require_continuation(make_version(**changes), previous)


class TestStateOn:
    @pytest.mark.parametrize(
        ("state", "day", "expected"),
        [
            (State.ACCEPTED, "2026-02-28", State.ACCEPTED),
            (State.ACCEPTED, "2026-03-01", State.IN_FORCE),
            (State.ACCEPTED, "2026-06-01", State.EXPIRED),
            (State.IN_FORCE, "2026-05-31", State.IN_FORCE),
            (State.IN_FORCE, "2026-06-01", State.EXPIRED),
            (State.SUSPENDED, "2026-06-01", State.EXPIRED),
            (State.REVOKED, "2026-06-01", State.REVOKED),
            (State.PROPOSED, "2026-06-01", State.PROPOSED),
        ],
    )
    def test_is_what_the_day_brings(self, state: State, day: str, expected: State) -> None:
        version = make_version(state, valid_from="2026-03-01", valid_to="2026-06-01")

        assert version.state_on(date.fromisoformat(day)) is expected
