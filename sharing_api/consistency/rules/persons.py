"""What is said of one person, by personal number."""

from collections.abc import Iterator
from datetime import date

from databases import identifiers, periods, vietnamese
from databases.identifiers import Pin, Sex
from databases.periods import PartialDate
from sharing_api.consistency.values import Bundle, Found, Mention

CITIZEN = "population/citizen"
_ENTERPRISE = "enterprise/enterprise"
_HOLDING = "land/holding"
_PARTICIPANT, _CONTRIBUTION = "insurance/participant", "insurance/contribution"
_TAXPAYER = "finance/taxpayer"
_SEXES = {"1": Sex.MALE, "2": Sex.FEMALE}
_ADULT_YEARS = 18
_WHOLE_DAY = 10
_REFORM, _LIST_SINCE_REFORM = date(2025, 7, 1), "19/2025"


def citizen(bundle: Bundle) -> Mention | None:
    """Give what the population register says of the bearer of the number, if there is one.

    Source:
        Law on Identity 26/2023/QH15 art. 12: the number identifies one citizen.
    """
    found = bundle.first(CITIZEN)
    return None if found is None or "bears" in found.says else found


def died_before(person: Mention | None, on: date) -> str | None:
    """Give the day of death if the person was dead on a day; a day of death counts as lived.

    Source:
        Civil Code 91/2015/QH13 art. 16 cl. 3: legal capacity ends with death.
    """
    died = person.says["died"] if person is not None else None
    return died if died is not None and PartialDate.parse(died).latest < on else None


def first_day(tax_period: str) -> date:
    """Give the first day of a tax period: a year, a quarter or a month of it.

    Source:
        Law on Tax Administration 38/2019/QH14 art. 44 (duties by month, quarter and year).

    >>> first_day("2025-Q3"), first_day("2024"), first_day("2025-11")
    (datetime.date(2025, 7, 1), datetime.date(2024, 1, 1), datetime.date(2025, 11, 1))
    """
    year, _, part = tax_period.partition("-")
    if part.startswith("Q"):
        return date(int(year), 3 * int(part[1:]) - 2, 1)
    return date(int(year), int(part or 1), 1)


def officer_dead(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find representatives and owners of firms that go on who are dead.

    Source:
        Law on Enterprises 59/2020/QH14 art. 12 cl. 5-6 (a dead representative is replaced), art. 53
        and 127 (shares of the dead pass to heirs); Civil Code 91/2015/QH13 art. 16 cl. 3.
    """
    person = citizen(bundle)
    if person is not None and died_before(person, on):
        for one in bundle.of(_ENTERPRISE):
            yield Found((one.record, person.record))


def representative_minor(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find legal representatives who are certainly not of age on the day.

    Source:
        Law on Enterprises 59/2020/QH14 art. 17 cl. 2 pt. đ (minors do not manage enterprises);
        Civil Code 91/2015/QH13 art. 20 cl. 1 (of age from 18 full years).
    """
    person = citizen(bundle)
    if person is None:
        return
    born = PartialDate.parse(person.says["born"])
    if periods.anniversary(born.earliest, _ADULT_YEARS) > on:
        for one in bundle.of(_ENTERPRISE):
            if "legal_representatives" in one.says["roles"]:
                yield Found((one.record, person.record))


def officer_unknown(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find representatives and owners by numbers that nobody bears now.

    Source:
        Law on Identity 26/2023/QH15 art. 12; Decree 168/2025/NĐ-CP (persons are registered by
        personal number; clause not verified).
    """
    yield from _unknown(bundle, _ENTERPRISE)


def insured_after_death(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find the dead whose insurance has no end.

    Source:
        Law on Social Insurance 41/2024/QH15 (participation ends with death; article not verified).
    """
    person = citizen(bundle)
    if person is not None and died_before(person, on):
        for one in bundle.of(_CONTRIBUTION):
            yield Found((one.record, person.record))


def insured_unknown(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find participants by numbers that nobody bears now.

    Source:
        Law on Identity 26/2023/QH15 art. 12.
    """
    yield from _unknown(bundle, _PARTICIPANT)


def birth_swapped(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find participants whose day and month of birth are those of the population register swapped.

    Source:
        No article: a known error of entry. Which of the two registers erred is not told by it.
    """
    person = citizen(bundle)
    for one in bundle.of(_PARTICIPANT):
        if person is not None and _is_swapped(one.says["born"], person.says["born"]):
            yield Found((one.record, person.record))


def birth_differs(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find participants with another date of birth, as far as both registers know it.

    Source:
        Decree 278/2025/NĐ-CP art. 5 cl. 2 (one trusted source of master data): the population
        register is that of personal data.
    """
    person = citizen(bundle)
    if person is None:
        return
    known = person.says["born"]
    for one in bundle.of(_PARTICIPANT):
        born = one.says["born"]
        length = min(len(born), len(known))
        if born[:length] != known[:length] and not _is_swapped(born, known):
            yield Found((one.record, person.record))


def sex_differs(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find participants of another sex than the population register knows.

    Source:
        Decree 278/2025/NĐ-CP art. 5 cl. 2 (one trusted source of master data).
    """
    person = citizen(bundle)
    for one in bundle.of(_PARTICIPANT):
        if person is not None:
            both = {one.says["sex"], person.says["sex"]}
            if both == set(_SEXES):
                yield Found((one.record, person.record))


def taxed_after_death(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find taxpayers whose last duty is for a time that began after their death.

    Source:
        Law on Tax Administration 38/2019/QH14 art. 67 (duties of the dead are met by their heirs,
        up to the death).
    """
    person = citizen(bundle)
    for one in bundle.of(_TAXPAYER):
        duty = one.says["last_duty"]
        if duty is not None and person is not None and died_before(person, first_day(duty[0])):
            yield Found((one.record, person.record))


def taxpayer_unknown(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find taxpayers by personal numbers that nobody bears now.

    Source:
        Law on Tax Administration 38/2019/QH14 art. 35 cl. 7 (the personal number is the tax code);
        Circular 86/2024/TT-BTC.
    """
    yield from _unknown(bundle, _TAXPAYER)


def name_unaccented(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find holders of land of whom a paper writes the name without its signs.

    Source:
        No article: a known loss of entry. Law on Land 31/2024/QH15 art. 135 has the name on the
        certificate.
    """
    person = citizen(bundle)
    for one in bundle.of(_HOLDING):
        if person is not None and any(
            _is_unaccented(name, person.says["name"]) for name in one.says["names"]
        ):
            yield Found((one.record, person.record))


def name_differs(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find holders of land with a name that is not that of the bearer of the number.

    A former name on an old paper is no error, so that this only warns.

    Source:
        Law on Land 31/2024/QH15 art. 135 (the name on the certificate).
    """
    person = citizen(bundle)
    if person is None:
        return
    own = vietnamese.name_key(person.says["name"])
    for one in bundle.of(_HOLDING):
        if any(vietnamese.name_key(name) != own for name in one.says["names"]):
            yield Found((one.record, person.record))


def birth_against_number(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find citizens whose number says another year of birth.

    Source:
        Decree 137/2015/NĐ-CP art. 13; Circular 07/2016/TT-BCA art. 7 and annex 1.
    """
    person, number = citizen(bundle), _number(bundle)
    if person is None or number is None:
        return
    if number.birth_year != PartialDate.parse(person.says["born"]).earliest.year:
        yield Found((person.record,))


def sex_against_number(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find citizens whose number says another sex.

    Source:
        Decree 137/2015/NĐ-CP art. 13; Circular 07/2016/TT-BCA art. 7 and annex 1.
    """
    person, number = citizen(bundle), _number(bundle)
    if person is None or number is None:
        return
    if number.sex is not _SEXES.get(person.says["sex"], number.sex):
        yield Found((person.record,))


def commune_abolished(bundle: Bundle, on: date) -> Iterator[Found]:
    """Find the living whose permanent residence names a commune of the lists before the reform.

    Papers and files of before stay valid, so that this only warns.

    Source:
        Decision 19/2025/QĐ-TTg (list of administrative units); in force from 01/07/2025.
    """
    person = citizen(bundle)
    if person is None or person.says["died"] or person.says["commune"] is None:
        return
    if on >= _REFORM and person.says["commune_version"] != _LIST_SINCE_REFORM:
        yield Found((person.record,))


def _unknown(bundle: Bundle, dataset: str) -> Iterator[Found]:
    if citizen(bundle) is None:
        former = tuple(one.record for one in bundle.of(CITIZEN))
        for one in bundle.of(dataset):
            yield Found((one.record, *former))


def _number(bundle: Bundle) -> Pin | None:
    try:
        return Pin.parse(bundle.subject.key)
    except identifiers.MalformedIdentifier:
        return None


def _is_swapped(one: str, other: str) -> bool:
    """Test whether two whole days differ, and by their day and month changing places."""
    if len(one) != _WHOLE_DAY or len(other) != _WHOLE_DAY or one == other:
        return False
    year, month, day = one.split("-")
    return other == f"{year}-{day}-{month}"


def _is_unaccented(name: str, known: str) -> bool:
    is_bare = vietnamese.fold(name) == " ".join(name.lower().split())
    return (
        is_bare
        and vietnamese.tone_key(name) != vietnamese.tone_key(known)
        and (vietnamese.fold(name) == vietnamese.fold(known))
    )
