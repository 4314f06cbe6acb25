"""What a registration file must say."""

from datetime import date
from decimal import Decimal

import pytest

from enterprise import errors, values
from enterprise.rules import registration as rules
from enterprise.values import IndustryLine, LegalType, OwnershipKind, SuccessionKind, UnitKind
from tests.factories.enterprise import make_details, make_owner

ON = date(2025, 7, 1)


def members(count: int, **more: object) -> list[values.Owner]:
    share = str(Decimal(1) / 64)
    return [make_owner(f"pin:0010850{i:05d}", share, **more) for i in range(count)]


class TestRequireDetails:
    def test_takes_the_smallest_file(self) -> None:
        rules.require_details(make_details())

    @pytest.mark.parametrize(
        ("changes", "rule"),
        [
            ({"name_vi": " "}, "name.empty"),
            ({"address": values.Address(as_written="")}, "address.empty"),
            ({"charter_capital_amount": Decimal(-1)}, "capital.negative"),
            ({"state_share": Decimal("0.6"), "foreign_share": Decimal("0.5")}, "shares.sum"),
            ({"state_share": Decimal("1.1")}, "shares.sum"),
        ],
    )
    def test_names_each_problem(self, changes: dict[str, object], rule: str) -> None:
        with pytest.raises(errors.IncompleteDetails) as caught:
            rules.require_details(make_details(**changes))

        assert [problem.rule for problem in caught.value.fields] == [rule]


class TestRequireLines:
    def test_the_same_code_of_two_versions_is_two_lines(self) -> None:
        rules.require_lines(
            [IndustryLine("27/2018", "6201", is_principal=True), IndustryLine("36/2025", "6201")]
        )

    @pytest.mark.parametrize("principal", [(False, False), (True, True)])
    def test_none_or_two_principal_lines_are_refused(self, principal: tuple[bool, bool]) -> None:
        lines = [
            IndustryLine("36/2025", code, is_principal=is_principal)
            for code, is_principal in zip(("0111", "0112"), principal, strict=True)
        ]

        with pytest.raises(errors.WrongPrincipalLine):
            rules.require_lines(lines)

    @pytest.mark.parametrize("code", ["A0111", "W", "011111", "", "٠١", "1"])
    def test_an_impossible_code_is_refused(self, code: str) -> None:
        with pytest.raises(errors.WrongIndustryCode):
            rules.require_lines([IndustryLine("36/2025", code, is_principal=True)])

    def test_a_line_named_twice_is_refused(self) -> None:
        line = IndustryLine("36/2025", "0111", is_principal=True)

        with pytest.raises(errors.WrongIndustryCode):
            rules.require_lines([line, line])


class TestRequireOwners:
    @pytest.mark.parametrize(
        ("legal_type", "count", "is_allowed"),
        [
            ("LLC1", 1, True),
            ("LLC1", 2, False),
            ("LLC2", 1, False),
            ("LLC2", 2, True),
            ("LLC2", 50, True),
            ("LLC2", 51, False),
            ("JSC", 2, False),
            ("JSC", 3, True),
            ("JSC", 60, True),
            ("PRIV", 1, True),
            ("PRIV", 2, False),
            ("HB", 0, True),
        ],
    )
    def test_counts_by_legal_type(self, legal_type: str, count: int, is_allowed: bool) -> None:
        if is_allowed:
            assert rules.require_owners(LegalType(legal_type), members(count), on=ON) == ()
        else:
            with pytest.raises(errors.WrongNumberOfOwners):
                rules.require_owners(LegalType(legal_type), members(count), on=ON)

    def test_a_partnership_counts_general_partners_only(self) -> None:
        limited = members(3, kind=OwnershipKind.MEMBER)

        with pytest.raises(errors.WrongNumberOfOwners):
            rules.require_owners(LegalType.PART, limited, on=ON)
        rules.require_owners(LegalType.PART, members(2, kind=OwnershipKind.PARTNER), on=ON)

    def test_an_uncertain_number_only_warns(self) -> None:
        found = rules.require_owners(LegalType.COOP, members(4), on=ON)

        assert [problem.rule for problem in found] == ["owners.number"]

    @pytest.mark.parametrize(
        ("shares", "is_allowed"),
        [(("0.5", "0.5"), True), (("0.5", "0.5000000001"), False), (("0.5", None), True)],
    )
    def test_shares_add_up_to_the_whole_at_most(
        self, shares: tuple[str | None, ...], is_allowed: bool
    ) -> None:
        owners = [make_owner(f"pin:00108500000{i}", share) for i, share in enumerate(shares)]

        if is_allowed:
            rules.require_owners(LegalType.LLC2, owners, on=ON)
        else:
            with pytest.raises(errors.SharesExceedWhole):
                rules.require_owners(LegalType.LLC2, owners, on=ON)

    def test_an_owner_named_twice_is_refused(self) -> None:
        with pytest.raises(errors.WrongOwner):
            rules.require_owners(LegalType.LLC2, [make_owner(share="0.5")] * 2, on=ON)

    def test_a_private_enterprise_belongs_to_an_individual(self) -> None:
        with pytest.raises(errors.WrongOwner):
            rules.require_owners(LegalType.PRIV, [make_owner("enterprise:0100233488")], on=ON)


class TestRequireRepresentatives:
    def test_none_or_a_body_is_refused(self) -> None:
        body = values.Representative(values.Party("enterprise:0100233488"), "Công ty Bịa")

        for wrong in ((), (body,)):
            with pytest.raises(errors.NoRepresentative):
                rules.require_representatives(wrong)


class TestRequireUnit:
    @pytest.mark.parametrize(
        ("kind", "unit_code", "is_allowed"),
        [
            (UnitKind.BRANCH, "0314409058-002", True),
            (UnitKind.REP, "0314409058-000", False),
            (UnitKind.BRANCH, "0312687878-001", False),
            (UnitKind.BRANCH, "00001", False),
            (UnitKind.LOC, "00001", True),
            (UnitKind.LOC, "00000", False),
        ],
    )
    def test_the_code_fits_kind_and_enterprise(
        self, kind: UnitKind, unit_code: str, is_allowed: bool
    ) -> None:
        unit = values.DependentUnit(unit_code, kind, "Chi nhánh", make_details().address, ON)

        if is_allowed:
            rules.require_unit("0314409058", unit)
        else:
            with pytest.raises(errors.WrongDependentUnit):
                rules.require_unit("0314409058", unit)


class TestRequireReorganisation:
    @pytest.mark.parametrize(
        ("kind", "predecessors", "successors", "is_allowed"),
        [
            ("merge", "a", "b", True),
            ("merge", "ac", "b", True),
            ("merge", "a", "bc", False),
            ("merge", "a", "a", False),
            ("consolidate", "a", "b", False),
            ("consolidate", "ab", "c", True),
            ("split", "a", "b", False),
            ("split", "a", "bc", True),
            ("separate", "a", "b", True),
            ("convert", "a", "b", True),
            ("convert", "ab", "c", False),
        ],
    )
    def test_the_enterprises_fit_the_kind(
        self, kind: str, predecessors: str, successors: str, is_allowed: bool
    ) -> None:
        given = (SuccessionKind(kind), list(predecessors), list(successors))

        if is_allowed:
            rules.require_reorganisation(*given)
        else:
            with pytest.raises(errors.WrongSuccession):
                rules.require_reorganisation(*given)
