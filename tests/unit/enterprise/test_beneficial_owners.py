"""Beneficial owners: threshold, chains, votes, control, and the day the law came into force."""

from datetime import date
from decimal import Decimal

import pytest

from enterprise import values
from enterprise.rules import beneficial_owners
from tests.factories.enterprise import make_owner

TARGET = "0100233488"
HOLDING = "0100047516"
IN_FORCE = date(2025, 7, 1)
AN, BINH = "pin:001085000001", "pin:001185000002"


def refs(
    owners: dict[str, list[values.Owner]],
    controllers: tuple[values.Controller, ...] = (),
    on: date = IN_FORCE,
) -> dict[str, tuple[str, ...]]:
    holdings = [
        values.Holding(code, owner.party.ref, owner.capital_share, owner.voting_share)
        for code, held in owners.items()
        for owner in held
    ]
    found = beneficial_owners.list_beneficial_owners(TARGET, holdings, controllers, on=on)
    return {owner.party.ref: owner.grounds for owner in found}


class TestListBeneficialOwners:
    @pytest.mark.parametrize(
        ("share", "is_listed"), [("0.25", True), ("0.2499999999", False), ("0.26", True)]
    )
    def test_the_threshold_itself_counts(self, share: str, is_listed: bool) -> None:
        assert (AN in refs({TARGET: [make_owner(AN, share)]})) is is_listed

    def test_products_along_chains_are_summed_over_paths(self) -> None:
        owners = {
            TARGET: [make_owner(AN, "0.10"), make_owner(f"enterprise:{HOLDING}", "0.30")],
            HOLDING: [make_owner(AN, "0.50"), make_owner(BINH, "0.50")],
        }

        # a tenth and half of three tenths make a quarter; the other has only the latter
        assert refs(owners) == {AN: ("capital", "voting")}

    def test_votes_count_beside_capital(self) -> None:
        owners = {TARGET: [make_owner(AN, "0.10", voting_share=Decimal("0.40"))]}

        assert refs(owners) == {AN: ("voting",)}

    def test_state_capital_and_foreign_bodies_lead_to_no_individual(self) -> None:
        owners = {
            TARGET: [
                make_owner("state:G12", "0.51"),
                make_owner("organisation:SG:201912345K", "0.4"),
            ]
        }

        assert refs(owners) == {}

    def test_control_by_other_means_counts_without_any_share(self) -> None:
        controller = values.Controller(
            values.Party(BINH), "Trần Thị Bịa", values.ControlMeans.APPOINT_MAJORITY
        )

        assert refs({}, (controller,)) == {BINH: ("appoint_majority",)}

    def test_nobody_is_listed_before_the_law_came_into_force(self) -> None:
        assert refs({TARGET: [make_owner(AN, "1")]}, on=date(2025, 6, 30)) == {}


class TestHasBeneficialOwners:
    @pytest.mark.parametrize(
        ("legal_type", "expected"),
        [("LLC1", True), ("JSC", True), ("PART", True), ("PRIV", False), ("HB", False)],
    )
    def test_only_legal_persons_of_the_enterprise_law_have_them(
        self, legal_type: str, expected: bool
    ) -> None:
        found = beneficial_owners.has_beneficial_owners(values.LegalType(legal_type), on=IN_FORCE)

        assert found is expected
