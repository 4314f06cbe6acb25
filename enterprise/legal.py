"""Numbers that the law sets for enterprises."""

from datetime import date
from decimal import Decimal

from databases.law import LegalNumber
from enterprise.values import LegalType

_LAW_2020 = date(2021, 1, 1)
_LAW_2025 = date(2025, 7, 1)

BENEFICIAL_SHARE = LegalNumber(
    Decimal("0.25"),
    "part of charter capital or of voting shares, reached directly or indirectly",
    _LAW_2025,
    None,
    "Law on Enterprises art. 4 cl. 35 as added by Law 76/2025/QH15; Decree 168/2025/NĐ-CP art. 17",
    "sourced",
)
LLC2_MEMBERS_MIN = LegalNumber(
    2, "members", _LAW_2020, None, "Law on Enterprises 59/2020/QH14 art. 46", "high"
)
LLC2_MEMBERS_MAX = LegalNumber(
    50, "members", _LAW_2020, None, "Law on Enterprises 59/2020/QH14 art. 46", "high"
)
JSC_SHAREHOLDERS_MIN = LegalNumber(
    3, "shareholders", _LAW_2020, None, "Law on Enterprises 59/2020/QH14 art. 111", "high"
)
PARTNERS_MIN = LegalNumber(
    2, "general partners", _LAW_2020, None, "Law on Enterprises 59/2020/QH14 art. 177",
    "high",
)  # fmt: skip
SINGLE_OWNER = LegalNumber(
    1, "owners", _LAW_2020, None, "Law on Enterprises 59/2020/QH14 art. 74, 188", "high"
)
COOPERATIVE_MEMBERS_MIN = LegalNumber(
    5, "members", date(2024, 7, 1), None, "Law on Cooperatives 17/2023/QH15 (article not "
    "verified)", "medium",
)  # fmt: skip
UNION_MEMBERS_MIN = LegalNumber(
    3, "cooperatives", date(2024, 7, 1), None, "Law on Cooperatives 17/2023/QH15 (article "
    "not verified)", "medium",
)  # fmt: skip
SUSPENSION_YEARS_MAX = LegalNumber(
    1,
    "years for each notice",
    _LAW_2020,
    None,
    "Law on Enterprises 59/2020/QH14 art. 206; Decree 01/2021/NĐ-CP art. 66, kept by "
    "Decree 168/2025/NĐ-CP (article there not verified)",
    "high",
)
SUSPENSION_NOTICE_DAYS = LegalNumber(
    3,
    "working days between the notice and the suspension",
    _LAW_2020,
    None,
    "Law on Enterprises 59/2020/QH14 art. 206 cl. 1",
    "medium",
)

# Lowest and highest number of owners by legal type; None: the law sets none.
OWNERS: dict[LegalType, tuple[LegalNumber[int] | None, LegalNumber[int] | None]] = {
    LegalType.LLC1: (SINGLE_OWNER, SINGLE_OWNER),
    LegalType.LLC2: (LLC2_MEMBERS_MIN, LLC2_MEMBERS_MAX),
    LegalType.JSC: (JSC_SHAREHOLDERS_MIN, None),
    LegalType.PART: (PARTNERS_MIN, None),
    LegalType.PRIV: (SINGLE_OWNER, SINGLE_OWNER),
    LegalType.COOP: (COOPERATIVE_MEMBERS_MIN, None),
    LegalType.COOPU: (UNION_MEMBERS_MIN, None),
    LegalType.HB: (None, None),
}

# Types with legal personality under the Law on Enterprises: only these have beneficial owners.
LEGAL_PERSONS = frozenset({LegalType.LLC1, LegalType.LLC2, LegalType.JSC, LegalType.PART})
