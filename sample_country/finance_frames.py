"""The frames of the finance register that follow from people, firms and parcels."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from databases import vietnamese
from sample_country import budget_frames, columns, draws, estates, planted_finance
from sample_country.columns import Column, Frame
from sample_country.country import Country, Topic
from sample_country.draws import Numbers
from sample_country.geography import REFORM

_TREASURY = "0111"
_PIN_SINCE = draws.day_number(REFORM)  # Circular 86/2024/TT-BTC
_DAYS_TO_PAY = 10
_CURRENCIES: list[str | None] = ["USD", "EUR", "CNY", "JPY"]
_PARTNERS: list[str | None] = ["CN", "KR", "JP", "US", "DE", "TH"]
_KINDS: list[str | None] = ["import", "export"]
_PROCEDURES: list[str | None] = ["A11", "B11"]
_VALUE_STEP, _DUTY_STEP = 500, 100_000


def build(drawn: Country) -> Mapping[str, Frame]:
    """Make the frames of the finance register, by name of the table."""
    rng = drawn.randomness(Topic.FINANCE_FRAMES)
    return {
        **budget_frames.build(rng, drawn.places, drawn.districts),
        "taxpayer": _taxpayers(drawn),
        "taxpayer_alias": _aliases(drawn),
        "tax_duty": _duties(drawn),
        "tax_payment": _payments(drawn),
        "customs_declaration": _declarations(rng, drawn),
        "public_asset": _assets(rng, drawn),
    }


def _open(frame: Frame, since: Numbers) -> Frame:
    return columns.with_period(frame, since, since, np.ones(len(since), dtype=np.bool_))


def _keys(names: list[str]) -> Column:
    known = {name: vietnamese.name_key(name) for name in dict.fromkeys(names)}
    return pa.array([known[name] for name in names], type=pa.string())


def _office(drawn: Country) -> Column:
    """Give the tax office (two digits) of each firm: it begins the firm's code."""
    return columns.digits(drawn.all_firms.code // 10**8, 2)


def _taxpayers(drawn: Country) -> Frame:
    """Make all firms taxpayers, and some individuals since their number is their tax code."""
    own, people, persons = drawn.all_firms, drawn.purse.individuals, drawn.persons
    names = [*drawn.firm_names.to_pylist(), *persons.name.full[people].tolist()]
    kinds: list[str | None] = ["organisation", "individual"]
    home = persons.home[persons.structure.household[people]]
    province = drawn.places.commune_province[home] + 1
    since = np.concatenate([own.registered_on, np.full(len(people), _PIN_SINCE)])
    frame = columns.pick_frame(
        {
            "taxpayer_code": pa.concat_arrays(
                [columns.digits(own.code, 10), columns.digits(persons.pin[people], 12)]
            ),
            "kind": columns.words(kinds, np.repeat([0, 1], [own.count, len(people)])),
            "name": pa.array(names, type=pa.string()),
            "name_key": _keys(names),
            "tax_office_code": pa.concat_arrays([_office(drawn), columns.digits(province, 2)]),
            "registered_on": columns.days(since),
        }
    )
    return _open(frame, since)


def _aliases(drawn: Country) -> Frame:
    """Make the ten-digit codes that individuals had: of no tax office that a firm belongs to."""
    people = drawn.purse.individuals
    frame = columns.pick_frame(
        {
            "former_code": columns.digits(80 * 10**8 + np.arange(len(people)), 10),
            "taxpayer_code": columns.digits(drawn.persons.pin[people], 12),
        }
    )
    return _open(frame, np.full(len(people), _PIN_SINCE))


def _keys_of_duties(drawn: Country) -> dict[str, Column]:
    duties = drawn.purse.duties
    by_firm = columns.digits(drawn.all_firms.code[duties.firm], 10)
    by_person = columns.digits(drawn.persons.pin[duties.person], 12)
    periods: list[str | None] = ["2024", "2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]
    return {
        "taxpayer_code": pc.if_else(pa.array(duties.person >= 0), by_person, by_firm),
        "item_code": columns.digits(duties.item, 4),
        "tax_period": columns.words(periods, duties.quarter),
    }


def _duties(drawn: Country) -> Frame:
    duties = drawn.purse.duties
    number = columns.digits(np.arange(len(duties.item)) + 1, 9)
    frame = columns.pick_frame(
        {
            **_keys_of_duties(drawn),
            "amount": pa.array(duties.amount),
            "assessed_on": columns.days(duties.assessed_on),
            "due_on": columns.days(duties.assessed_on + _DAYS_TO_PAY),
            "assessment_no": pc.binary_join_element_wise("TK", number, ""),
        }
    )
    return _open(frame, duties.assessed_on)


def _payments(drawn: Country) -> Frame:
    duties = drawn.purse.duties
    rows = np.flatnonzero(duties.paid > 0)
    since = duties.assessed_on[rows] + rows % _DAYS_TO_PAY
    number = columns.digits(rows + 1, 9)
    frame = columns.pick_frame(
        {
            **{name: key.take(pa.array(rows)) for name, key in _keys_of_duties(drawn).items()},
            "payment_no": pc.binary_join_element_wise("GNT", number, ""),
            "amount": pa.array(duties.paid[rows]),
            "paid_on": columns.days(since),
            "treasury_code": columns.same(_TREASURY, len(rows)),
        }
    )
    return _open(frame, since)


def _declarations(rng: np.random.Generator, drawn: Country) -> Frame:
    traders, declared_on = drawn.purse.traders, drawn.purse.declared_on
    count = len(traders)
    kind = rng.integers(0, 2, count)
    frame = columns.pick_frame(
        {
            "declaration_no": columns.digits(10**11 + np.arange(count) + 1, 12),
            "kind": columns.words(_KINDS, kind),
            "taxpayer_code": columns.digits(drawn.all_firms.code[traders], 10),
            "customs_office_code": columns.same("01B1", count),
            "procedure_code": columns.words(_PROCEDURES, 1 - kind),
            "declared_on": columns.days(declared_on),
            "cleared_on": columns.days(declared_on + rng.integers(0, 5, count)),
            "partner_country_code": columns.words(
                _PARTNERS, rng.integers(0, len(_PARTNERS), count)
            ),
            "value_amount": pa.array(rng.integers(4, 4000, count) * _VALUE_STEP),
            "value_currency": columns.words(_CURRENCIES, draws.pick(rng, (8, 1, 2, 1), count)),
            "duty_amount": pa.array(
                np.where(kind == 0, rng.integers(5, 900, count) * _DUTY_STEP, 0)
            ),
        }
    )
    return _open(frame, declared_on)


def _assets(rng: np.random.Generator, drawn: Country) -> Frame:
    """Make the public land an asset of the commune's unit since the reform."""
    own, parcel = drawn.all_estates, drawn.purse.asset_parcel
    known = np.where(parcel < own.count, parcel, 0)
    commune = own.new_commune[known]
    codes = [planted_finance.asset_code(number) for number in range(len(parcel))]
    frame = columns.pick_frame(
        {
            "asset_code": pa.array(codes, type=pa.string()),
            "kind": columns.same("land", len(parcel)),
            "name_vi": columns.same("Đất trụ sở, công trình sự nghiệp", len(parcel)),
            "unit_code": budget_frames.commune_units(commune),
            **columns.new_place(drawn.places, commune),
            "parcel_id": pa.array(
                [estates.parcel_id(row) for row in parcel.tolist()], type=pa.string()
            ),
            "original_value_amount": pa.array(rng.integers(5, 500, len(parcel)) * 10**8),
            "acquired_on": columns.days(np.full(len(parcel), _PIN_SINCE)),
        }
    )
    return _open(frame, np.full(len(parcel), _PIN_SINCE))
