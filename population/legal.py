"""Numbers that the law sets for the population register, each with its source and its days."""

from datetime import date

from databases.law import LegalNumber

MARRIAGE_AGE_MALE = LegalNumber(
    20,
    "years",
    date(2015, 1, 1),
    None,
    "Law on Marriage and Family 52/2014/QH13, art. 8, cl. 1, pt. a",
    "high",
)
MARRIAGE_AGE_FEMALE = LegalNumber(
    18,
    "years",
    date(2015, 1, 1),
    None,
    "Law on Marriage and Family 52/2014/QH13, art. 8, cl. 1, pt. a",
    "high",
)
TEMPORARY_RESIDENCE_AT_MOST = LegalNumber(
    2,
    "years",
    date(2021, 7, 1),
    None,
    "Law on Residence 68/2020/QH14, art. 27, cl. 2",
    "high",
)
AGE_OF_MAJORITY = LegalNumber(
    18,
    "years",
    date(2017, 1, 1),
    None,
    "Civil Code 91/2015/QH13, art. 20, cl. 1",
    "high",
)
# Where somebody is counted. The period is that of the definition of the indicator "population".
USUAL_RESIDENCE_FROM = LegalNumber(
    6,
    "months",
    date(2022, 11, 7),
    None,
    "Decree 94/2022/NĐ-CP, content of indicator 0102: living in the household for six months",
    "medium",
)

# Places of birth registration in the first three digits of a personal number.
# Circular 07/2016/TT-BCA, annex 1, in force from 20/03/2016. The codes of the 34 provinces since
# 01/07/2025 are a subset. Country codes (annex 2) were not found: from 100 on nothing is verified.
_UNASSIGNED = (
    *(3, 5, 7, 9, 13, 16, 18, 21, 23, 28, 29, 32, 39, 41, 43, 47),
    *(50, 53, 55, 57, 59, 61, 63, 65, 69, 71, 73, 76, 78, 81, 85, 88, 90),
)
PROVINCE_ORIGINS = frozenset(f"{code:03d}" for code in range(1, 97) if code not in _UNASSIGNED)
FIRST_COUNTRY_ORIGIN = 100
