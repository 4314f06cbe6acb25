"""Numbers set by law for the insurance register, with days and source."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from databases.law import Confidence, LegalNumber
from insurance.values import CardForm, Payer, Scheme

_LAW_2014 = date(2016, 1, 1)
_REFORM = date(2025, 7, 1)
_LEVELS_2015 = date(2015, 1, 1)
_LEVELS_2026 = date(2026, 1, 1)
_SOCIAL = "Law on Social Insurance 41/2024/QH15 (article not verified)"
_HEALTH = "Law on Health Insurance 25/2008/QH12 art. 22 as amended by Law 46/2014/QH13"
_DECISION_1351 = "Decision 1351/QĐ-BHXH of 16/11/2015 (2015) art. 2"


def _amount(
    value: int, since: date, until: date | None, source: str, confidence: Confidence
) -> LegalNumber[int]:
    return LegalNumber(value, "VND a month", since, until, source, confidence)


def _rate(value: str, source: str = _SOCIAL) -> LegalNumber[Decimal]:
    unit = "part of the contribution salary, employee and employer together"
    return LegalNumber(Decimal(value), unit, _REFORM, None, source, "high")


# Base salary until 30/06/2025, reference level since (Law on Social Insurance 41/2024/QH15). A
# raise of 2026 could not be verified: from then on the number only warns.
REFERENCE_LEVELS: tuple[LegalNumber[int], ...] = (
    _amount(1_490_000, date(2019, 7, 1), date(2023, 7, 1), "Decree 38/2019/NĐ-CP art. 3", "medium"),
    _amount(1_800_000, date(2023, 7, 1), date(2024, 7, 1), "Decree 24/2023/NĐ-CP art. 3", "medium"),
    _amount(2_340_000, date(2024, 7, 1), date(2026, 7, 1), "Decree 73/2024/NĐ-CP art. 3", "high"),
    _amount(2_340_000, date(2026, 7, 1), None, "Decree 73/2024/NĐ-CP art. 3, if unraised", "low"),
)
SALARY_FLOOR_TIMES = LegalNumber(
    1, "reference levels that the contribution salary must reach", _REFORM, None,
    "Law on Social Insurance 41/2024/QH15 art. 31", "high",
)  # fmt: skip
SALARY_CAP_TIMES = LegalNumber(
    20, "reference levels (base salaries before 07/2025) that it must not pass", _LAW_2014, None,
    "Law on Social Insurance 58/2014/QH13 art. 89; 41/2024/QH15 art. 31", "high",
)  # fmt: skip

# Law on Social Insurance 41/2024/QH15, Law on Employment, Law on Health Insurance: what employee
# and employer pay together, by fund, from 01/07/2025.
RATES: Mapping[Scheme, LegalNumber[Decimal]] = {
    # Retirement 8 % and 14 %, sickness and maternity 3 %.
    Scheme.COMPULSORY: _rate("0.25"),
    Scheme.VOLUNTARY: _rate("0.22"),
    Scheme.ACCIDENT: _rate("0.005"),
    Scheme.UNEMPLOYMENT: _rate("0.02", "Law on Employment 38/2013/QH13 art. 57; 74/2025/QH15"),
    Scheme.HEALTH: _rate("0.045", "Law on Health Insurance 25/2008/QH12 art. 13"),
}
ACCIDENT_RATE_REDUCED = LegalNumber(
    Decimal("0.003"), "part of the contribution salary, in the special case", _REFORM, None,
    "Decree 58/2020/NĐ-CP art. 5", "high",
)  # fmt: skip

HOUSEHOLD_RATE = LegalNumber(
    Decimal("0.045"), "part of the base salary, first member of a household", date(2018, 12, 1),
    None, "Decree 146/2018/NĐ-CP art. 7", "high",
)  # fmt: skip


def _part(value: str) -> LegalNumber[Decimal]:
    unit = "part of the first member's premium"
    source = "Decree 146/2018/NĐ-CP art. 7; kept by Decree 188/2025/NĐ-CP"
    return LegalNumber(Decimal(value), unit, date(2018, 12, 1), None, source, "high")


# Decree 146/2018/NĐ-CP art. 7: the 1st to 5th member; all further ones pay as the 5th.
HOUSEHOLD_PARTS: tuple[LegalNumber[Decimal], ...] = (
    _part("1"),
    _part("0.7"),
    _part("0.6"),
    _part("0.5"),
    _part("0.4"),
)

# Years of contribution that a pension asks for: Law on Social Insurance 58/2014/QH13, then 41/2024.
PENSION_YEARS: tuple[LegalNumber[int], ...] = (
    LegalNumber(
        20, "years of contribution", _LAW_2014, _REFORM,
        "Law on Social Insurance 58/2014/QH13 art. 54", "high",
    ),
    LegalNumber(
        15, "years of contribution", _REFORM, None,
        "Law on Social Insurance 41/2024/QH15 art. 98", "high",
    ),
)  # fmt: skip

CONSECUTIVE_YEARS = LegalNumber(
    5, "years of health cover without a break", date(2015, 1, 1), None,
    "Law on Health Insurance art. 22 cl. 1 pt. c as amended by Law 46/2014/QH13", "high",
)  # fmt: skip
CONSECUTIVE_GAP_MONTHS = LegalNumber(
    3, "months that a break may last without ending consecutive cover", date(2018, 12, 1), None,
    "Decree 146/2018/NĐ-CP art. 12 cl. 5", "medium",
)  # fmt: skip

# Days on which cards of a form are issued, half-open: Decision 1351/QĐ-BHXH, Decision 1666/QĐ-BHXH
# and Decree 188/2025/NĐ-CP. Cards once issued go on being valid side by side.
CARD_FORMS_ISSUED: Mapping[CardForm, tuple[date | None, date | None]] = {
    CardForm.GROUPED: (None, date(2021, 4, 1)),
    CardForm.BOOK: (date(2021, 4, 1), None),
    CardForm.PERSONAL: (date(2025, 8, 15), None),
}

# Who pays, by object code: Decision 1351/QĐ-BHXH of 2015 art. 2; LH by a third party's rule base.
PAYERS: Mapping[str, Payer] = {
    code: payer
    for payer, codes in {
        Payer.EMPLOYEE_AND_EMPLOYER: "DN HX CH NN TK HC XK",
        Payer.INSURANCE_FUND: "HT TB NO CT XB TN CS",
        Payer.STATE_BUDGET: (
            "QN CA CY XN MS CC CK CB KC HD TE BT HN DT DK XD TS TC TQ TA TY TV HG LS PV LH"
        ),
        Payer.SUBSIDISED: "CN HS SV GB",
        Payer.HOUSEHOLD: "GD",
    }.items()
    for code in codes.split()
}


def _percent(value: int) -> LegalNumber[int]:
    return LegalNumber(value, "percent of the costs", _LEVELS_2015, None, _HEALTH, "sourced")


# Decision 1351/QĐ-BHXH art. 2 and Law on Health Insurance art. 22: level → what the fund pays.
LEVEL_PERCENTAGES: Mapping[int, LegalNumber[int]] = {
    1: _percent(100),
    2: _percent(100),
    3: _percent(95),
    4: _percent(80),
    5: _percent(100),
}


def _level(
    value: int, *, since: date = _LEVELS_2015, until: date | None = None, source: str = ""
) -> LegalNumber[int]:
    confidence: Confidence = "sourced" if source else "medium"
    return LegalNumber(value, "level", since, until, source or _DECISION_1351, confidence)


_RESOLUTION_261 = "Resolution 261/2025/QH15; letter 38/BYT-BH of 06/01/2026"
_LEVEL_1 = ("CC", "TE")
_LEVEL_2 = ("CK", "CB", "KC", "HN", "DT", "DK", "XD", "BT", "TS", "CT")
_LEVEL_3 = ("HT", "TC", "PV")
_LEVEL_5 = ("QN", "CA", "CY")
_BY_CODE = {
    code: level
    for level, codes in ((1, _LEVEL_1), (2, _LEVEL_2), (3, _LEVEL_3), (5, _LEVEL_5))
    for code in codes
}

# Level by object code and day: Decision 1351/QĐ-BHXH art. 2, recalled; what changed from 2026 by
# Resolution 261/2025/QH15.
BENEFIT_LEVELS: Mapping[str, tuple[LegalNumber[int], ...]] = {
    **{code: (_level(_BY_CODE.get(code, 4)),) for code in PAYERS},
    "CN": (
        _level(3, until=_LEVELS_2026, source=f"{_DECISION_1351}; {_RESOLUTION_261}"),
        _level(2, since=_LEVELS_2026, source=_RESOLUTION_261),
    ),
    "LH": (
        _level(4, since=_REFORM, until=_LEVELS_2026, source=_RESOLUTION_261),
        _level(2, since=_LEVELS_2026, source=_RESOLUTION_261),
    ),
}
