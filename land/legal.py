"""Numbers set by law for the land register, with days and source."""

from collections.abc import Mapping
from datetime import date

from databases.law import LegalNumber
from land.values.kinds import RestrictionKind

_LAW_2024 = date(2024, 8, 1)
_NEW_CERTIFICATES = date(2025, 1, 1)

AGRICULTURAL_TERM_YEARS = LegalNumber(
    50,
    "years for which individuals use agricultural land",
    _LAW_2024,
    None,
    "Law on Land 31/2024/QH15 art. 172 cl. 1 pt. a",
    "sourced",
)
PROJECT_TERM_YEARS_MAX = LegalNumber(
    70,
    "years for which land is allocated or leased for a project, at most",
    _LAW_2024,
    None,
    "Law on Land 31/2024/QH15 art. 172 (usual term 50 years; clause not verified)",
    "medium",
)
CERTIFICATE_DIGITS_2009 = LegalNumber(
    6,
    "digits after the letters of an issue number, forms of 2009 to 2024",
    date(2009, 12, 10),
    _NEW_CERTIFICATES,
    "Circular 17/2009/TT-BTNMT, kept by Circular 23/2014/TT-BTNMT (articles not verified)",
    "sourced",
)
CERTIFICATE_DIGITS_2025 = LegalNumber(
    8,
    "digits after the letters of an issue number, form with QR code",
    _NEW_CERTIFICATES,
    None,
    "Circular 10/2024/TT-BTNMT (article not verified)",
    "medium",
)

# Days on which each list of land uses is in force, from its first to the first no longer.
# Circular 25/2014/TT-BTNMT (cadastral maps; day recalled); Circular 08/2024/TT-BTNMT, annex II,
# section A, amended by Circular 23/2025/TT-BNNMT.
LAND_USE_REGIMES: Mapping[str, tuple[date, date | None]] = {
    "25/2014": (date(2014, 7, 5), _LAW_2024),
    "08/2024": (_LAW_2024, None),
}

# Law on Land 31/2024/QH15 art. 45 cl. 1: no dispute, no attachment or other measure to secure the
# execution of a judgment. A recovery notice is no ground of that article: it warns.
BLOCKS_DISPOSAL = frozenset({RestrictionKind.ATTACHMENT, RestrictionKind.DISPUTE})

# Law on Land 31/2024/QH15 art. 78-79 and 85: land notified for recovery may be recovered; what is
# done in between is at the holder's risk (reading of practice, not verified).
WARNS_ON_DISPOSAL = frozenset({RestrictionKind.RECOVERY_NOTICE, RestrictionKind.FOREIGN_PARTY})

# Law on Land 31/2024/QH15 art. 172 cl. 1 pt. a: annual crops, perennial crops, aquaculture, salt,
# planted production forest; codes of Circular 08/2024/TT-BTNMT and Circular 25/2014/TT-BTNMT.
TERM_BOUND_USES = frozenset({"LUC", "LUK", "LUN", "HNK", "BHK", "NHK", "CLN", "NTS", "LMU", "RSX"})
