"""Whether a right may be disposed of."""

from datetime import date
from decimal import Decimal

import pytest

from land import errors
from land.rules import disposals
from land.rules.disposals import Standing
from land.values.kinds import LegalForm, RestrictionKind, RightKind
from land.values.parties import Party
from land.values.rights import Holder, Mortgage, Right

ON = date(2026, 1, 1)
OWNER, OTHER = "pin:001084000999", "pin:001185001234"


def right(**changes: object) -> Right:
    said = {
        "right_id": "R1",
        "parcel_id": "P1",
        "kind": RightKind.LAND_USE,
        "legal_form": LegalForm.SINGLE,
        "holders": (Holder(Party(OWNER), "An"),),
    }
    return Right(**{**said, **changes})  # type: ignore[arg-type]


def standing(*kinds: RestrictionKind, certified: bool = True, **changes: object) -> Standing:
    return Standing(right(**changes), frozenset(kinds), (), certified)


def mortgage(name: str, rank: int = 1) -> Mortgage:
    return Mortgage(name, "R1", Party("enterprise:0100233488"), "Ngân hàng", rank=rank)


class TestRequireDisposable:
    def test_accepts_a_certified_right_without_restrictions(self) -> None:
        assert disposals.require_disposable(standing(), on=ON) == ()

    @pytest.mark.parametrize("kind", RestrictionKind)
    def test_refuses_for_disputes_and_attachments_only(self, kind: RestrictionKind) -> None:
        is_refused = False
        try:
            disposals.require_disposable(standing(kind), on=ON)
        except errors.DisposalBlocked:
            is_refused = True

        assert is_refused == (kind in (RestrictionKind.DISPUTE, RestrictionKind.ATTACHMENT))

    def test_warns_of_a_notice_of_recovery(self) -> None:
        found = disposals.require_disposable(standing(RestrictionKind.RECOVERY_NOTICE), on=ON)

        assert [one.rule for one in found] == ["restriction.recovery_notice"]

    def test_refuses_what_is_not_certified(self) -> None:
        with pytest.raises(errors.CertificateMissing):
            disposals.require_disposable(standing(certified=False), on=ON)

    def test_lets_heirs_inherit_what_is_not_certified(self) -> None:
        bare = standing(certified=False)

        assert disposals.require_disposable(bare, on=ON, is_inherited=True) == ()

    @pytest.mark.parametrize(
        ("ends_on", "is_over"),
        [(date(2026, 1, 2), False), (ON, True), (date(2025, 12, 31), True)],
        ids=["last day", "first day after", "long ago"],
    )
    def test_refuses_when_the_term_is_over(self, ends_on: date, is_over: bool) -> None:
        held = standing(ends_on=ends_on)

        if is_over:
            with pytest.raises(errors.DisposalBlocked):
                disposals.require_disposable(held, on=ON)
        else:
            assert disposals.require_disposable(held, on=ON) == ()


class TestRequireConsents:
    def test_wants_every_mortgagee(self) -> None:
        with pytest.raises(errors.MortgageeConsentMissing):
            disposals.require_consents([mortgage("M1"), mortgage("M2")], {"M1"})

    def test_is_content_when_all_agree(self) -> None:
        disposals.require_consents([mortgage("M1"), mortgage("M2")], {"M1", "M2"})


class TestRequireMortgagor:
    @pytest.mark.parametrize("mortgagors", [set(), {OTHER}, {OWNER, OTHER}])
    def test_refuses_others_than_the_holders(self, mortgagors: set[str]) -> None:
        with pytest.raises(errors.NotTheHolder):
            disposals.require_mortgagor(right(), mortgagors)


class TestNextRank:
    @pytest.mark.parametrize(("ranks", "following"), [([], 1), ([1], 2), ([1, 3], 4)])
    def test_follows_the_last(self, ranks: list[int], following: int) -> None:
        held = [mortgage(f"M{rank}", rank) for rank in ranks]

        assert disposals.next_rank(held) == following


class TestRequireLease:
    @pytest.mark.parametrize(
        ("lease_end", "right_end", "is_fit"),
        [
            (date(2030, 1, 1), None, True),
            (date(2030, 1, 1), date(2030, 1, 1), True),
            (date(2030, 1, 2), date(2030, 1, 1), False),
            (None, None, False),
            (ON, None, False),
        ],
    )
    def test_keeps_leases_inside_the_term(
        self, lease_end: date | None, right_end: date | None, is_fit: bool
    ) -> None:
        lease, origin = right(ends_on=lease_end), right(ends_on=right_end)

        if is_fit:
            disposals.require_lease(lease, origin, {OWNER}, starts_on=ON)
        else:
            with pytest.raises(errors.TermTooLong):
                disposals.require_lease(lease, origin, {OWNER}, starts_on=ON)

    def test_refuses_a_lessor_who_does_not_hold(self) -> None:
        with pytest.raises(errors.NotTheHolder):
            disposals.require_lease(right(ends_on=date(2030, 1, 1)), right(), {OTHER}, starts_on=ON)


class TestRecipientWarnings:
    @pytest.mark.parametrize(
        ("party", "nationality", "count"),
        [
            (OWNER, None, 0),
            (OWNER, "FR", 1),
            ("document:FR:12AB34567", None, 1),
            ("document:VN:12AB34567", None, 0),
            ("organisation:SG:201912345K", None, 1),
            ("enterprise:0100233488", None, 0),
        ],
    )
    def test_name_foreign_parties(self, party: str, nationality: str | None, count: int) -> None:
        received = [Holder(Party(party), "Tên", nationality_code=nationality)]

        assert len(disposals.recipient_warnings(RightKind.LAND_USE, received)) == count

    def test_say_nothing_of_a_lease(self) -> None:
        received = [Holder(Party(OWNER), "Tên", nationality_code="FR")]

        assert disposals.recipient_warnings(RightKind.LEASE, received) == ()


class TestRequireAmount:
    @pytest.mark.parametrize(("amount", "currency"), [(0, "VND"), (-1, "VND"), (1, "đồng")])
    def test_refuses(self, amount: int, currency: str) -> None:
        with pytest.raises(errors.WrongAmount):
            disposals.require_amount(Decimal(amount), currency)

    def test_accepts_money(self) -> None:
        disposals.require_amount(Decimal("0.01"), "USD")
