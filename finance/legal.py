"""Numbers that the law sets for budgets and taxes."""

from collections.abc import Mapping
from datetime import date

from databases.law import LegalNumber
from finance.values import ChapterBand, Ground, Level

_FROM_2017 = date(2017, 1, 1)
_FROM_2026 = date(2026, 1, 1)

# Versions of the budget nomenclature with the first budget year of each: Circular 324/2016/TT-BTC,
# replaced by Circular 130/2025/TT-BTC of 24/12/2025, in force from 01/01/2026. That the former was
# used from budget year 2017 on is recalled (R-med).
NOMENCLATURES: tuple[tuple[int, str], ...] = ((2026, "130/2025"), (2017, "324/2016"))

# Bands of chapters by level: Circular 324/2016/TT-BTC; the district band is abolished from budget
# year 2026 on by Circular 130/2025/TT-BTC.
CHAPTER_BANDS = (
    ChapterBand(Level.CENTRAL, 1, 399, None),
    ChapterBand(Level.PROVINCE, 400, 599, None),
    ChapterBand(Level.DISTRICT, 600, 799, 2025),
    ChapterBand(Level.COMMUNE, 800, 989, None),
)

# Chapters of the district band that went on as chapters of communes: Circular 130/2025/TT-BTC.
SUCCEEDED_CHAPTERS: Mapping[str, str] = {"754": "854", "755": "855", "756": "856", "757": "857"}

CATEGORY_FIRST = LegalNumber(
    10, "lowest category", _FROM_2017, None, "Circular 324/2016/TT-BTC annex II", "high"
)
CATEGORY_STEP = LegalNumber(
    30, "codes from one category to the next", _FROM_2017, None,
    "Circular 324/2016/TT-BTC annex II; kept by Circular 130/2025/TT-BTC (not verified)", "high",
)  # fmt: skip
CATEGORY_LAST = LegalNumber(
    430, "highest category", _FROM_2017, None,
    "Circular 324/2016/TT-BTC annex II; kept by Circular 130/2025/TT-BTC (not verified)", "medium",
)  # fmt: skip
ITEM_STEP = LegalNumber(
    50, "codes from one item to the next", _FROM_2017, None,
    "Circular 324/2016/TT-BTC annex III; kept by Circular 130/2025/TT-BTC (not verified)", "high",
)  # fmt: skip
EXPENDITURE_ITEM_FIRST = LegalNumber(
    6000, "lowest item of expenditure", _FROM_2017, None,
    "Circular 324/2016/TT-BTC annex III (read from the list, no clause found)", "medium",
)  # fmt: skip

# The closing period of a budget year ends on 31 January of the next: State Budget Law
# 83/2015/QH13 art. 42 and State Budget Law 89/2025/QH15.
_CLOSING = "days of the next year that belong to the closing period"
CLOSING_DAYS_2015 = LegalNumber(
    31, _CLOSING, _FROM_2017, _FROM_2026, "State Budget Law 83/2015/QH13 art. 42", "high"
)
CLOSING_DAYS_2025 = LegalNumber(
    31, _CLOSING, _FROM_2026, None, "State Budget Law 89/2025/QH15 (article not verified)", "medium"
)
CLOSING_DAYS = (CLOSING_DAYS_2015, CLOSING_DAYS_2025)

# First digits of the codes of investment projects: Circular 185/2015/TT-BTC (R-low: warns only).
PROJECT_FIRST_DIGITS = ("7", "8")

# Natures of sources that are known by name: Circular 324/2016/TT-BTC (R-med: others warn).
KNOWN_SOURCES = ("12", "13", "14", "15", "16", "18")

# Grounds for spending without an allocation. State Budget Law 83/2015/QH13 art. 51 (temporary
# funding while the estimate is not decided) and art. 64 (amounts carried over from last year);
# State Budget Law 89/2025/QH15 from 01/01/2026 on (articles not verified).
GROUNDS: Mapping[Ground, str] = {
    Ground.TEMPORARY_FUNDING: (
        "State Budget Law 83/2015/QH13 art. 51, from 2026 State Budget Law 89/2025/QH15"
    ),
    Ground.CARRIED_OVER: (
        "State Budget Law 83/2015/QH13 art. 64, from 2026 State Budget Law 89/2025/QH15"
    ),
}

# Day from which the personal number of an individual is the tax code: Circular 86/2024/TT-BTC
# (R-high).
PIN_IS_TAX_CODE_FROM = date(2025, 7, 1)
