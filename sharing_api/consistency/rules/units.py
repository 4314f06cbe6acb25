"""What is said of firms and of the employers that they are for the insurance offices."""

from collections.abc import Iterator
from datetime import date

from databases import identifiers
from databases.identifiers import EnterpriseCode
from sharing_api.consistency.rules import persons
from sharing_api.consistency.values import Bundle, Confidence, Found, Mention

FIRM = "enterprise/enterprise"
_TAXPAYER = "finance/taxpayer"
_EMPLOYER, _CONTRIBUTION = "insurance/employer", "insurance/contribution"


def ended_before(firm: Mention | None, on: date) -> bool:
    """Test whether a firm had ended before a day.

    Source:
        Decree 168/2025/NĐ-CP art. 35 (legal status: dissolved, bankrupt or ceased to exist).
    """
    if firm is None or not firm.says["is_ended"]:
        return False
    return not firm.says["ended"] or date.fromisoformat(firm.says["ended"]) < on


def taxed_after_end(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find firms whose last duty is for a time that began after they had ended.

    Source:
        Law on Tax Administration 38/2019/QH14 art. 39, 67 (the code ends with the enterprise, its
        duties are met before).
    """
    firm = bundle.first(FIRM)
    for one in bundle.of(_TAXPAYER):
        duty = one.says["last_duty"]
        if duty is not None and firm is not None and ended_before(firm, persons.first_day(duty[0])):
            yield Found((one.record, firm.record))


def taxed_unknown(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find taxpayers by codes of no registered firm; other bodies have codes too: this only warns.

    Source:
        Law on Tax Administration 38/2019/QH14 art. 30 cl. 1 (enterprises bear the code that they
        are registered with).
    """
    if bundle.first(FIRM) is None:
        for one in bundle.of(_TAXPAYER):
            yield Found((one.record,))


def insured_through_ended(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find whose insurance goes on through a firm that has ended.

    Source:
        Law on Social Insurance 41/2024/QH15 (participation through an employer; article not
        verified); Decree 168/2025/NĐ-CP art. 35.
    """
    for employer in bundle.of(_EMPLOYER):
        for _, firm in bundle.led_to(employer, FIRM):
            if firm is not None and ended_before(firm, on):
                for one in bundle.of(_CONTRIBUTION):
                    yield Found((one.record, firm.record, employer.record))


def employer_unknown(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find employers with an enterprise code of no registered firm; certain if it is no code.

    Source:
        Circular 105/2020/TT-BTC art. 5 (check digit); Decree 168/2025/NĐ-CP.
    """
    for employer in bundle.of(_EMPLOYER):
        for code, firm in bundle.led_to(employer, FIRM):
            if firm is None:
                confidence = None if _is_code(code.key) else Confidence.CERTAIN
                yield Found((employer.record,), confidence)


def _is_code(text: str) -> bool:
    try:
        EnterpriseCode.parse(text)
    except identifiers.MalformedIdentifier:
        return False
    return True
