"""The frames of the insurance register: participants, employers, spells, contributions, covers."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from databases import vietnamese
from sample_country import card_frames, columns, draws, participation
from sample_country.columns import OPEN, Column, Frame
from sample_country.country import Country, Topic
from sample_country.draws import Numbers
from sample_country.households import REFERENCE_DAY
from sample_country.participation import GROUPS, SCHEMES, Participants

_TODAY = draws.day_number(REFERENCE_DAY)
_TOMORROW = _TODAY + 1
_PRECISIONS: list[str | None] = ["day", "month", "year"]
_SEXES: list[str | None] = ["male", "female"]
_COMMUNE_UNITS_SINCE = draws.day_number(REFERENCE_DAY) - 16 * 366
_PENSION_STEP = 10_000


@dataclass(frozen=True)
class Insured:
    """What several frames share: the drawn country, and the number of each participant."""

    drawn: Country
    book: Participants
    number: Column

    @property
    def home(self) -> Numbers:
        """The old commune (a position) in which each participant lives."""
        household = self.drawn.persons.structure.household[self.book.person]
        home: Numbers = self.drawn.persons.home[household]
        return home

    @property
    def new_home(self) -> Numbers:
        """The new commune (a position) in which each participant lives."""
        household = self.drawn.persons.structure.household[self.book.person]
        home: Numbers = self.drawn.persons.new_home[household]
        return home


def build(drawn: Country) -> Mapping[str, Frame]:
    """Make the frames of the insurance register, by name of the table."""
    rng = drawn.randomness(Topic.INSURANCE_FRAMES)
    book = drawn.insured.participants
    insured = Insured(drawn, book, columns.digits(book.number, 10))
    units = _units(insured)
    return {
        "employer": _employers(insured),
        "facility": card_frames.facilities(drawn.places),
        "participant": _participants(insured),
        "spell": _spells(insured, units),
        "contribution": _contributions(insured, units),
        "household_cover": _household_covers(insured),
        "health_card": card_frames.cards(rng, book, drawn.places, insured.home),
        "benefit": _pensions(rng, insured),
    }


def _commune_units(insured: Insured) -> Column:
    """Name the unit of each old commune."""
    codes = pa.array(insured.drawn.places.commune_code, type=pa.string())
    return pc.binary_join_element_wise("XA", codes, "Z", "")


def _firm_units(insured: Insured) -> Column:
    names = [participation.firm_unit(firm) for firm in range(insured.drawn.all_firms.count)]
    return pa.array(names, type=pa.string())


def _units(insured: Insured) -> Column:
    """Name the unit of each spell: that of the firm, or of the commune of the participant."""
    spells = insured.book.spells
    of_commune = _commune_units(insured).take(pa.array(insured.home[spells.participant]))
    of_firm = _firm_units(insured).take(pa.array(np.maximum(spells.firm, 0)))
    return pc.if_else(pa.array(spells.firm >= 0), of_firm, of_commune)


def _employers(insured: Insured) -> Frame:
    """Make the firms that employ somebody, and the units of the communes with participants."""
    drawn, spells = insured.drawn, insured.book.spells
    firm = np.unique(spells.firm[spells.firm >= 0])
    commune = np.unique(insured.home)
    row = np.unique(insured.home, return_index=True)[1]
    code = drawn.all_firms.code[firm] + np.isin(firm, drawn.insured.mistyped_firms)
    end = np.where(drawn.all_firms.status[firm] == 7, drawn.all_firms.status_from[firm], OPEN)
    # A unit is kept while somebody is insured through it, whatever became of the firm.
    goes_on = np.isin(firm, spells.firm[spells.end == OPEN])
    of_firms = columns.pick_frame(
        {
            "unit_code": _firm_units(insured).take(pa.array(firm)),
            "enterprise_code": columns.digits(code, 10),
            "employer_name": drawn.firm_names.take(pa.array(firm)),
        }
    )
    of_communes = columns.pick_frame(
        {
            "unit_code": _commune_units(insured).take(pa.array(commune)),
            "enterprise_code": pa.nulls(len(commune), pa.string()),
            "employer_name": columns.words(drawn.places.commune_text, commune),
        }
    )
    return columns.across_reform(
        pa.concat_tables([of_firms, of_communes]).combine_chunks(),
        drawn.places,
        old=np.concatenate([drawn.all_firms.office[firm], commune]),
        new=np.concatenate([drawn.all_firms.new_office[firm], insured.new_home[row]]),
        start=np.concatenate(
            [drawn.all_firms.registered_on[firm], np.full(len(commune), _COMMUNE_UNITS_SINCE)]
        ),
        end=np.concatenate([np.where(goes_on, OPEN, end), np.full(len(commune), OPEN)]),
    )


def _participants(insured: Insured) -> Frame:
    """Make the participants in a version for each vintage of communes, since their birth."""
    drawn, book = insured.drawn, insured.book
    persons = drawn.persons
    names = persons.name.full[book.person]
    base = columns.pick_frame(
        {
            "participant_no": insured.number,
            "social_insurance_no": insured.number,
            "pin": columns.digits(book.pin, 12, missing=book.pin < 0),
            "full_name": pa.array(names, type=pa.string()),
            "name_key": pa.array([vietnamese.name_key(n) for n in names.tolist()], pa.string()),
            "birth_date": columns.days(book.born),
            "birth_precision": columns.words(_PRECISIONS, persons.precision[book.person]),
            "sex": columns.words(_SEXES, persons.structure.sex[book.person]),
            "nationality_code": columns.same(columns.COUNTRY, book.count),
            "died_on": columns.days(book.died_on, missing=book.died_on == OPEN),
        }
    )
    return columns.across_reform(
        base,
        drawn.places,
        old=insured.home,
        new=insured.new_home,
        start=persons.born[book.person],
        end=np.full(book.count, OPEN),
    )


def _spells(insured: Insured, units: Column) -> Frame:
    spells = insured.book.spells
    is_health = spells.scheme == participation.HEALTH
    group = insured.book.group[spells.participant]
    group = np.where(spells.firm >= 0, participation.EMPLOYEE, group)
    frame = columns.pick_frame(
        {
            "participant_no": insured.number.take(pa.array(spells.participant)),
            "scheme": columns.words(list(SCHEMES), spells.scheme),
            "unit_code": units,
            "object_code": columns.words(list(GROUPS), np.where(is_health, group, -1)),
            "salary_amount": pa.array(spells.salary, mask=spells.salary == 0),
        }
    )
    return columns.with_period(frame, spells.start, spells.end, spells.end == OPEN)


def _contributions(insured: Insured, units: Column) -> Frame:
    """Make the whole months of each spell in which pension contributions were paid."""
    spells = insured.book.spells
    pays = np.isin(spells.scheme, (participation.COMPULSORY, participation.VOLUNTARY))
    first = _month_on_or_after(spells.start)
    end = _month_of(np.minimum(spells.end, _TOMORROW))
    rows = np.flatnonzero(pays & (first < end))
    frame = columns.pick_frame(
        {
            "participant_no": insured.number.take(pa.array(spells.participant[rows])),
            "scheme": columns.words(list(SCHEMES), spells.scheme[rows]),
            "unit_code": units.take(pa.array(rows)),
            "salary_amount": pa.array(spells.salary[rows]),
        }
    )
    return columns.with_period(frame, first[rows], end[rows], np.zeros(len(rows), np.bool_))


def _month_of(day: Numbers) -> Numbers:
    """Give the first day of the month of each day."""
    month = day.astype("datetime64[D]").astype("datetime64[M]")
    first: Numbers = month.astype("datetime64[D]").astype(np.int64)
    return first


def _month_on_or_after(day: Numbers) -> Numbers:
    """Give the first day of the first month that begins on the day or later."""
    first = _month_of(day)
    following = _month_of(first + 32)
    months: Numbers = np.where(first == day, day, following)
    return months


def _household_covers(insured: Insured) -> Frame:
    """Make the cover of those insured as households, numbered by who came first."""
    book = insured.book
    rows = np.flatnonzero(book.group == participation.HOUSEHOLD)
    household = insured.drawn.persons.structure.household[book.person[rows]]
    order = np.lexsort((book.since[rows], household))
    rows, household = rows[order], household[order]
    starts = np.flatnonzero(np.append([True], household[1:] != household[:-1])[: len(rows)])
    many = np.diff(np.append(starts, len(rows)))
    ordinal = np.arange(len(rows)) - np.repeat(starts, many) + 1
    frame = columns.pick_frame(
        {
            "participant_no": insured.number.take(pa.array(rows)),
            "household_no": columns.digits(household + 1, 9),
            "ordinal": pa.array(ordinal),
        }
    )
    until = participation.day_after(book.died_on[rows])
    return columns.with_period(frame, book.since[rows], until, until == OPEN)


def _pensions(rng: np.random.Generator, insured: Insured) -> Frame:
    book = insured.book
    is_granted = np.isin(book.group, (participation.PENSIONER, participation.ELDER))
    rows = np.flatnonzero(is_granted)
    is_pension = book.group[rows] == participation.PENSIONER
    amount = np.where(is_pension, rng.integers(300, 1200, len(rows)) * _PENSION_STEP, 500_000)
    number = columns.digits(np.arange(len(rows)) + 1, 7)
    kinds: list[str | None] = ["social_pension", "retirement"]
    frame = columns.pick_frame(
        {
            "decision_no": pc.binary_join_element_wise(number, "QĐ-BHXH", "/"),
            "participant_no": insured.number.take(pa.array(rows)),
            "kind": columns.words(kinds, is_pension.astype(np.int64)),
            "amount": pa.array(amount),
            "payer": columns.same("Bảo hiểm xã hội", len(rows)),
        }
    )
    until = participation.day_after(book.died_on[rows])
    return columns.with_period(frame, book.since[rows], until, until == OPEN)
