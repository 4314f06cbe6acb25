"""The frames of health cards, in the three forms that are valid side by side, and facilities."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from databases.code_lists import values as lists
from sample_country import columns, draws, participation
from sample_country.columns import OPEN, Column, Frame
from sample_country.draws import Flags, Numbers
from sample_country.geography import Geography
from sample_country.households import REFERENCE_DAY
from sample_country.participation import GROUPS, Participants

# Decision 1351/QĐ-BHXH; Decision 1666/QĐ-BHXH; Decree 188/2025/NĐ-CP.
_BOOK_FORM_SINCE = draws.day_number(date(2021, 4, 1))
_PERSONAL_FORM_SINCE = draws.day_number(date(2025, 8, 15))
# The digit that cards of the first form bear; what it gives today is computed, not read.
_PRINTED_LEVELS: Mapping[str, int] = {"TE": 1, "HN": 2, "CB": 2, "HT": 3}
_USUAL_LEVEL = 4
_TODAY = draws.day_number(REFERENCE_DAY)
_KEPT_FIRST, _KEPT_SECOND, _HAS_PERSONAL = 0.3, 0.6, 0.5
_FIVE_YEARS = 5
_INFANT_YEARS = 6
_FACILITIES = 12
_NAMES: list[str | None] = ["Bệnh viện đa khoa", "Trung tâm y tế khu vực", "Trạm y tế"]


def facilities(places: Geography) -> Frame:
    """Make the facilities: as many in each province, named after their number."""
    province = np.repeat(np.arange(len(places.province_code)), _FACILITIES)
    number = np.tile(np.arange(_FACILITIES), len(places.province_code))
    code = pc.binary_join_element_wise(
        columns.words(places.province_code, province), columns.digits(number + 1, 3), ""
    )
    kind = np.minimum(number, len(_NAMES) - 1)
    frame = columns.pick_frame(
        {
            "facility_code": code,
            "facility_name": pc.binary_join_element_wise(columns.words(_NAMES, kind), code, " "),
            "province_code": columns.words(places.province_code, province),
            "commune_version": columns.same(lists.BEFORE_REFORM, len(province)),
        }
    )
    since = np.full(len(province), _BOOK_FORM_SINCE - 4_000)
    return columns.with_period(frame, since, since, np.ones(len(since), dtype=np.bool_))


def cards(rng: np.random.Generator, book: Participants, places: Geography, home: Numbers) -> Frame:
    """Make the cards of everybody with health cover: at least one, often older ones beside it."""
    start, end = _cover(book)
    province = places.commune_province[home]
    facility = columns.words(places.province_code, province)
    facility = pc.binary_join_element_wise(
        facility, columns.digits(rng.integers(1, _FACILITIES + 1, book.count), 3), ""
    )
    parts = []
    for rows, code, issued, until in _forms(rng, book, places, (start, end, province)):
        complete = draws.same_day(start[rows], _FIVE_YEARS)
        frame = columns.pick_frame(
            {
                "card_code": code,
                "participant_no": columns.digits(book.number[rows], 10),
                "object_code": columns.words(list(GROUPS), book.group[rows]),
                "issued_on": columns.days(issued),
                "facility_code": facility.take(pa.array(rows)),
                "five_years_on": columns.days(complete, missing=complete > _TODAY),
            }
        )
        parts.append(columns.with_period(frame, issued, until, until == OPEN))
    return pa.concat_tables(parts).combine_chunks()


def _cover(book: Participants) -> tuple[Numbers, Numbers]:
    """Give the first day of each participant's cover, and its end."""
    spells = book.spells
    rows = np.flatnonzero(spells.scheme == participation.HEALTH)
    start, end = np.full(book.count, OPEN), np.zeros(book.count, dtype=np.int64)
    np.minimum.at(start, spells.participant[rows], spells.start[rows])
    np.maximum.at(end, spells.participant[rows], spells.end[rows])
    infant_until = draws.same_day(book.born, _INFANT_YEARS)
    is_infant = book.group == participation.INFANT
    return start, np.where(is_infant, np.minimum(end, infant_until), end)


def _forms(
    rng: np.random.Generator,
    book: Participants,
    places: Geography,
    cover: tuple[Numbers, Numbers, Numbers],
) -> list[tuple[Numbers, Column, Numbers, Numbers]]:
    """Say who has a card of each form: rows, code, day of issue and end."""
    start, end, province = cover
    has_first = start < _BOOK_FORM_SINCE
    has_third = (rng.random(book.count) < _HAS_PERSONAL) & (book.pin >= 0)
    has_third &= end > _PERSONAL_FORM_SINCE
    has_third &= start < _TODAY
    # Whoever has no card of another form that still holds has one of the second.
    keeps_first = has_first & (rng.random(book.count) < _KEPT_FIRST)
    second_from = np.maximum(start, _BOOK_FORM_SINCE)
    has_second = ~keeps_first & (second_from < end)
    third_from = np.maximum(start, _PERSONAL_FORM_SINCE)
    keeps_second = ~has_third | (rng.random(book.count) < _KEPT_SECOND)
    ends_second = np.where(keeps_second, end, third_from)
    has_second &= second_from < ends_second
    number = columns.digits(book.number, 10)
    first = _grouped_codes(book, places, province, number)
    until_first = np.where(keeps_first, end, np.minimum(end, _BOOK_FORM_SINCE))
    return [
        _chosen(has_first & (start < until_first), first, start, until_first),
        _chosen(has_second, number, second_from, ends_second),
        _chosen(has_third, columns.digits(np.maximum(book.pin, 0), 12), third_from, end),
    ]


def _chosen(
    flags: Flags, code: Column, issued: Numbers, until: Numbers
) -> tuple[Numbers, Column, Numbers, Numbers]:
    rows = np.flatnonzero(flags)
    return rows, code.take(pa.array(rows)), issued[rows], until[rows]


def _grouped_codes(
    book: Participants, places: Geography, province: Numbers, number: Column
) -> Column:
    """Write codes of the first form: group, level, province, number."""
    levels: list[str | None] = [str(_PRINTED_LEVELS.get(g, _USUAL_LEVEL)) for g in GROUPS]
    return pc.binary_join_element_wise(
        columns.words(list(GROUPS), book.group),
        columns.words(levels, book.group),
        columns.words(places.province_code, province),
        number,
        "",
    )
