"""The acts of the enterprise register on a real PostgreSQL."""

import dataclasses
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from databases.changes import annulling, ledger
from databases.changes.ledger import Act
from databases.changes.versions import AsOf
from databases.identifiers import MalformedIdentifier
from enterprise import datasets, errors, service, tables, values
from enterprise.values import IndustryLine, SuccessionKind, UnitKind
from tests.factories.enterprise import (
    REGISTERED,
    code,
    make_details,
    make_enterprise,
    make_owner,
    make_registration,
)

FIRM = code(31_440_905)
OTHER = code(31_440_906)
THIRD = code(31_440_907)
ON = date(2025, 9, 1)


def read(session: Session, enterprise_code: str, field: str, on: date = ON, **more: Any) -> Any:
    result = datasets.ENTERPRISE.fetch(
        session, [enterprise_code], frozenset({field}), AsOf(on, **more)
    )
    return result.records[enterprise_code][field]


def status(session: Session, enterprise_code: str, on: date) -> str:
    answer: str = read(session, enterprise_code, "legal_status", on)["code"]
    return answer


DECISION = {"decided_by": "G12.18", "decision_no": "1/QĐ"}


class TestRegisterEnterprise:
    def test_opens_one_change_under_the_act_s_own_name(
        self, enterprise_session: Session, act: Act
    ) -> None:
        change = make_enterprise(enterprise_session, act, FIRM)

        row = enterprise_session.execute(
            select(tables.ledger.change).where(tables.ledger.change.c.change_id == change)
        ).one()
        assert row.act == "enterprise.enterprise.registered"
        assert ledger.last_change(enterprise_session, tables.ledger) == change

    def test_holds_from_the_day_of_the_certificate(
        self, enterprise_session: Session, act: Act
    ) -> None:
        make_enterprise(enterprise_session, act, FIRM)

        fields = frozenset({"name_vi"})
        before = AsOf(REGISTERED - timedelta(days=1))
        assert datasets.ENTERPRISE.fetch(enterprise_session, [FIRM], fields, before).records == {}
        assert read(enterprise_session, FIRM, "name_vi", REGISTERED) == make_details().name_vi

    def test_a_code_is_given_once_even_after_an_annulment(
        self, enterprise_session: Session, act: Act
    ) -> None:
        make_enterprise(enterprise_session, act, FIRM)
        with pytest.raises(errors.EnterpriseAlreadyRegistered):
            make_enterprise(enterprise_session, act, FIRM)
        service.annul_enterprise(enterprise_session, act=act, enterprise_code=FIRM)

        with pytest.raises(errors.EnterpriseAlreadyRegistered):
            make_enterprise(enterprise_session, act, FIRM)

    @pytest.mark.parametrize("wrong", [FIRM[:9] + str((int(FIRM[9]) + 1) % 10), FIRM + "-001"])
    def test_a_malformed_code_is_refused(
        self, enterprise_session: Session, act: Act, wrong: str
    ) -> None:
        with pytest.raises(MalformedIdentifier):
            make_enterprise(enterprise_session, act, wrong)

    def test_names_are_not_unique(self, enterprise_session: Session, act: Act) -> None:
        make_enterprise(enterprise_session, act, FIRM)
        make_enterprise(enterprise_session, act, OTHER)

        assert read(enterprise_session, FIRM, "name_vi") == read(
            enterprise_session, OTHER, "name_vi"
        )


class TestAmendEnterprise:
    def test_changes_what_is_named_from_the_day_on(
        self, enterprise_session: Session, act: Act
    ) -> None:
        first = make_enterprise(enterprise_session, act, FIRM)
        changes = {"name_vi": "CÔNG TY TNHH BÌNH MINH TÍM", "charter_capital_amount": Decimal(5)}

        service.amend_enterprise(
            enterprise_session, act=act, enterprise_code=FIRM, on=ON, changes=changes
        )

        old = make_details().name_vi
        assert read(enterprise_session, FIRM, "name_vi") == "CÔNG TY TNHH BÌNH MINH TÍM"
        assert read(enterprise_session, FIRM, "name_vi", ON - timedelta(days=1)) == old
        assert read(enterprise_session, FIRM, "name_vi", ON, change=first) == old
        assert read(enterprise_session, FIRM, "charter_capital") == {
            "amount": "5",
            "currency": "VND",
        }

    def test_the_principal_line_changes_hands(self, enterprise_session: Session, act: Act) -> None:
        make_enterprise(enterprise_session, act, FIRM)
        lines = (
            IndustryLine("36/2025", "4690"),
            IndustryLine("36/2025", "4719", is_principal=True),
        )

        service.amend_enterprise(
            enterprise_session, act=act, enterprise_code=FIRM, on=ON, lines=lines
        )

        day_before = ON - timedelta(days=1)
        assert read(enterprise_session, FIRM, "principal_line")["code"] == "4719"
        assert read(enterprise_session, FIRM, "principal_line", day_before)["code"] == "4690"
        assert len(read(enterprise_session, FIRM, "industry_lines")) == 2

    def test_an_equal_entry_keeps_its_version(self, enterprise_session: Session, act: Act) -> None:
        first = make_enterprise(enterprise_session, act, FIRM)
        registration = make_registration(FIRM)

        service.amend_enterprise(
            enterprise_session,
            act=act,
            enterprise_code=FIRM,
            on=ON,
            lines=registration.lines,
            owners=registration.owners,
            representatives=registration.representatives,
        )

        for table in (tables.industry_line, tables.ownership, tables.legal_representative):
            changes = enterprise_session.execute(
                select(table.c.from_change).where(table.c.enterprise_code == FIRM).distinct()
            ).scalars()
            assert list(changes) == [first]

    def test_a_rule_that_is_broken_leaves_nothing(
        self, enterprise_session: Session, act: Act
    ) -> None:
        make_enterprise(enterprise_session, act, FIRM)

        with pytest.raises(errors.WrongNumberOfOwners), enterprise_session.begin_nested():
            service.amend_enterprise(
                enterprise_session,
                act=act,
                enterprise_code=FIRM,
                on=ON,
                owners=[make_owner(share="0.5"), make_owner("pin:001085000002", "0.5")],
            )

        assert len(read(enterprise_session, FIRM, "owners")) == 1

    def test_an_unknown_detail_or_enterprise_is_refused(
        self, enterprise_session: Session, act: Act
    ) -> None:
        make_enterprise(enterprise_session, act, FIRM)

        with pytest.raises(errors.IncompleteDetails):
            service.amend_enterprise(
                enterprise_session, act=act, enterprise_code=FIRM, on=ON, changes={"colour": "red"}
            )
        with pytest.raises(errors.EnterpriseNotFound):
            service.amend_enterprise(enterprise_session, act=act, enterprise_code=OTHER, on=ON)


class TestCorrectEnterprise:
    def test_reaches_only_the_days_it_names(self, enterprise_session: Session, act: Act) -> None:
        make_enterprise(enterprise_session, act, FIRM)

        service.correct_enterprise(
            enterprise_session,
            act=act,
            enterprise_code=FIRM,
            valid_from=date(2021, 1, 1),
            valid_to=date(2022, 1, 1),
            changes={"phone": "0290000000"},
        )

        assert read(enterprise_session, FIRM, "phone", date(2021, 12, 31)) == "0290000000"
        assert read(enterprise_session, FIRM, "phone", date(2022, 1, 1)) is None


class TestSuspension:
    def test_holds_between_its_days_and_may_end_early(
        self, enterprise_session: Session, act: Act
    ) -> None:
        make_enterprise(enterprise_session, act, FIRM)
        recorded = service.register_suspension(
            enterprise_session,
            act=act,
            enterprise_code=FIRM,
            starts_on=ON,
            ends_on=date(2026, 9, 1),
            notified_on=date(2025, 8, 20),
        )
        assert recorded.warnings == ()
        assert status(enterprise_session, FIRM, ON - timedelta(days=1)) == "1"
        assert status(enterprise_session, FIRM, date(2026, 8, 31)) == "2"
        assert status(enterprise_session, FIRM, date(2026, 9, 1)) == "1"

        service.close_suspension(
            enterprise_session, act=act, enterprise_code=FIRM, on=date(2026, 1, 1)
        )

        assert status(enterprise_session, FIRM, date(2025, 12, 31)) == "2"
        assert status(enterprise_session, FIRM, date(2026, 1, 1)) == "1"

    def test_overlapping_or_missing_ones_are_conflicts(
        self, enterprise_session: Session, act: Act
    ) -> None:
        make_enterprise(enterprise_session, act, FIRM)
        notice: dict[str, Any] = {
            "act": act,
            "enterprise_code": FIRM,
            "starts_on": ON,
            "ends_on": date(2025, 12, 1),
            "notified_on": None,
        }
        with pytest.raises(errors.StatusNotHeld):
            service.close_suspension(enterprise_session, act=act, enterprise_code=FIRM, on=ON)
        service.register_suspension(enterprise_session, **notice)

        with pytest.raises(errors.StatusAlreadyHeld):
            service.register_suspension(enterprise_session, **notice)


class TestStatusActs:
    def test_absence_from_the_address_shows_only_when_nothing_else_holds(
        self, enterprise_session: Session, act: Act
    ) -> None:
        make_enterprise(enterprise_session, act, FIRM)
        service.register_absence_from_address(
            enterprise_session, act=act, enterprise_code=FIRM, on=ON, **DECISION
        )
        assert status(enterprise_session, FIRM, ON) == "3"

        service.register_revocation(
            enterprise_session, act=act, enterprise_code=FIRM, on=ON, **DECISION
        )
        assert status(enterprise_session, FIRM, ON) == "4"

        service.close_revocation(enterprise_session, act=act, enterprise_code=FIRM, on=ON)
        service.close_absence_from_address(
            enterprise_session, act=act, enterprise_code=FIRM, on=date(2025, 10, 1)
        )
        assert status(enterprise_session, FIRM, date(2025, 9, 30)) == "3"
        assert status(enterprise_session, FIRM, date(2025, 10, 1)) == "1"

    def test_an_enterprise_ends_only_after_winding_up_and_then_does_nothing(
        self, enterprise_session: Session, act: Act
    ) -> None:
        make_enterprise(enterprise_session, act, FIRM)
        step: dict[str, Any] = {"act": act, "enterprise_code": FIRM, **DECISION}
        with pytest.raises(errors.ActNotAllowedInStatus):
            service.register_end(enterprise_session, on=ON, **step)
        service.register_winding_up(enterprise_session, on=ON, **step)
        assert status(enterprise_session, FIRM, ON) == "5"

        service.register_end(enterprise_session, on=date(2026, 1, 1), **step)

        assert status(enterprise_session, FIRM, date(2026, 1, 1)) == "7"
        with pytest.raises(errors.ActNotAllowedInStatus):
            service.amend_enterprise(
                enterprise_session, act=act, enterprise_code=FIRM, on=date(2026, 2, 1)
            )
        assert len(read(enterprise_session, FIRM, "status_history")) == 2

    def test_winding_up_may_be_given_up_and_bankruptcy_comes_first(
        self, enterprise_session: Session, act: Act
    ) -> None:
        make_enterprise(enterprise_session, act, FIRM)
        step: dict[str, Any] = {"act": act, "enterprise_code": FIRM, **DECISION}
        service.register_winding_up(enterprise_session, on=ON, **step)
        service.close_winding_up(
            enterprise_session, act=act, enterprise_code=FIRM, on=date(2025, 10, 1)
        )
        assert status(enterprise_session, FIRM, date(2025, 10, 1)) == "1"

        service.register_bankruptcy_proceedings(enterprise_session, on=date(2025, 9, 15), **step)

        assert status(enterprise_session, FIRM, date(2025, 9, 15)) == "6"


class TestRegisterReorganisation:
    def test_a_merged_enterprise_ends_and_names_its_successor(
        self, enterprise_session: Session, act: Act
    ) -> None:
        make_enterprise(enterprise_session, act, FIRM)
        make_enterprise(enterprise_session, act, OTHER)

        service.register_reorganisation(
            enterprise_session,
            act=act,
            kind=SuccessionKind.MERGE,
            predecessors=[FIRM],
            successors=[OTHER],
            on=ON,
        )

        expected = {"kind": "merge", "on": ON.isoformat()}
        assert status(enterprise_session, FIRM, ON) == "7"
        assert status(enterprise_session, OTHER, ON) == "1"
        assert read(enterprise_session, FIRM, "successors") == [
            {"enterprise_code": OTHER, **expected}
        ]
        assert read(enterprise_session, OTHER, "predecessors") == [
            {"enterprise_code": FIRM, **expected}
        ]

    def test_a_separated_enterprise_goes_on_and_a_split_one_ends(
        self, enterprise_session: Session, act: Act
    ) -> None:
        for one in (FIRM, OTHER, THIRD):
            make_enterprise(enterprise_session, act, one)
        for kind, successors, day, expected in (
            (SuccessionKind.SEPARATE, [OTHER], ON, "1"),
            (SuccessionKind.SPLIT, [THIRD, code(5)], date(2026, 1, 1), "7"),
        ):
            if kind is SuccessionKind.SPLIT:
                make_enterprise(enterprise_session, act, code(5))
            service.register_reorganisation(
                enterprise_session,
                act=act,
                kind=kind,
                predecessors=[FIRM],
                successors=successors,
                on=day,
            )

            assert status(enterprise_session, FIRM, day) == expected


class TestDependentUnits:
    def test_a_branch_is_registered_found_by_its_code_and_closed(
        self, enterprise_session: Session, act: Act
    ) -> None:
        make_enterprise(enterprise_session, act, FIRM)
        branch = values.DependentUnit(
            f"{FIRM}-001", UnitKind.BRANCH, "CHI NHÁNH MỘT", make_details().address, REGISTERED
        )
        service.register_dependent_unit(
            enterprise_session, act=act, enterprise_code=FIRM, unit=branch
        )
        with pytest.raises(errors.WrongDependentUnit):
            service.register_dependent_unit(
                enterprise_session, act=act, enterprise_code=FIRM, unit=branch
            )
        key = datasets.DEPENDENT_UNIT.key_rule(f"{FIRM}001")
        found = datasets.DEPENDENT_UNIT.fetch(
            enterprise_session, [key], frozenset({"name_vi", "kind"}), AsOf(ON)
        )
        assert found.records == {key: {"kind": "BRANCH", "name_vi": "CHI NHÁNH MỘT"}}

        service.close_dependent_unit(
            enterprise_session, act=act, enterprise_code=FIRM, unit_code=key, on=ON
        )

        assert read(enterprise_session, FIRM, "dependent_units") == []
        assert len(read(enterprise_session, FIRM, "dependent_units", REGISTERED)) == 1
        with pytest.raises(errors.DependentUnitNotFound):
            service.close_dependent_unit(
                enterprise_session, act=act, enterprise_code=FIRM, unit_code=key, on=ON
            )


class TestAnnulEnterprise:
    def test_takes_it_out_of_the_present_but_not_out_of_history(
        self, enterprise_session: Session, act: Act
    ) -> None:
        first = make_enterprise(enterprise_session, act, FIRM)

        service.annul_enterprise(enterprise_session, act=act, enterprise_code=FIRM)

        fields = frozenset({"name_vi"})
        now = datasets.ENTERPRISE.fetch(enterprise_session, [FIRM], fields, AsOf(ON))
        assert now.records == {}
        assert read(enterprise_session, FIRM, "name_vi", ON, change=first)
        with pytest.raises(errors.EnterpriseNotFound):
            service.annul_enterprise(enterprise_session, act=act, enterprise_code=FIRM)


class TestAnnulChange:
    def test_what_it_recorded_ends_and_what_it_ended_stands_again(
        self, enterprise_session: Session, act: Act
    ) -> None:
        make_enterprise(enterprise_session, act, FIRM)
        amended = service.amend_enterprise(
            enterprise_session,
            act=act,
            enterprise_code=FIRM,
            on=ON,
            changes={"name_vi": "CÔNG TY TNHH TÊN NHẦM"},
            lines=[values.IndustryLine("36/2025", "6201", is_principal=True)],
        ).change

        service.annul_change(enterprise_session, act=act, annulled=amended)

        assert read(enterprise_session, FIRM, "name_vi", ON) == make_details().name_vi
        lines = make_registration(FIRM).lines
        codes = [
            one["line"]["code"] for one in read(enterprise_session, FIRM, "industry_lines", ON)
        ]
        assert sorted(codes) == sorted(line.vsic_code for line in lines)
        assert read(enterprise_session, FIRM, "name_vi", ON, change=amended).endswith("NHẦM")

    def test_a_change_that_others_built_on_stands(
        self, enterprise_session: Session, act: Act
    ) -> None:
        first = make_enterprise(enterprise_session, act, FIRM)
        service.amend_enterprise(
            enterprise_session,
            act=act,
            enterprise_code=FIRM,
            on=ON,
            changes={"phone": "0500000000"},
        )

        with pytest.raises(annulling.ChangeNotAnnullable):
            service.annul_change(enterprise_session, act=act, annulled=first)


class TestBeneficialOwners:
    def test_are_found_through_a_chain_with_a_cross_holding(
        self, enterprise_session: Session, act: Act
    ) -> None:
        shareholder = values.OwnershipKind.SHAREHOLDER
        company = dataclasses.replace(make_details(), legal_type=values.LegalType.LLC2)
        make_enterprise(
            enterprise_session,
            act,
            FIRM,
            details=company,
            owners=(
                make_owner("pin:001085000001", "0.4", kind=shareholder),
                make_owner(f"enterprise:{OTHER}", "0.6", kind=shareholder),
            ),
        )
        make_enterprise(
            enterprise_session, act, OTHER, owners=(make_owner(f"enterprise:{FIRM}", "1"),)
        )

        (owner,) = read(enterprise_session, FIRM, "beneficial_owners")

        assert owner["party"] == "pin:001085000001"
        assert owner["capital_share"] == "1"
        assert owner["grounds"] == ["capital", "voting"]
        assert read(enterprise_session, FIRM, "beneficial_owners", date(2025, 6, 30)) == []
