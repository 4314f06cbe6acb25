"""Numbers set by law for the population statistics register, with days and source."""

from datetime import date

from databases.law import LegalNumber

SMALLEST_CELL = LegalNumber(
    5,
    "persons",
    date(2016, 7, 1),
    None,
    "Law on Statistics 89/2015/QH13 art. 57 (identifiable data are kept secret) sets no number; "
    "the threshold is a proposal of ours",
    "low",
)
DAYS_BETWEEN_REFERENCE_DAYS = LegalNumber(
    90,
    "days",
    date(2016, 7, 1),
    None,
    "Law on Statistics 89/2015/QH13 art. 57 sets no such term; a proposal of ours, so that two "
    "counts do not differ by single events",
    "low",
)
