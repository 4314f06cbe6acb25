"""How rows become JSON-ready values: per field the columns it needs and what makes the value."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from databases import plans
from databases.changes.versions import AsOf
from databases.plans import Json, Reading
from finance import legal
from finance.rules import nomenclature, taxes
from finance.values import Effect, Stage

Entries = Sequence[Sequence[Any]] | None
_DONG = "VND"
_EARLIEST_YEAR = legal.NOMENCLATURES[-1][0]
_TAX_ITEM, _PERIOD_YEAR = "budget_item", 4


def _place(parts: Sequence[Any] | None) -> Json:
    if parts is None:
        return None
    province, commune, version = parts
    return {
        "province": plans.coded("province", version, province),
        "commune": plans.coded("commune", version, commune),
    }


def _money(amount: str | None, currency: str = _DONG) -> Json:
    return None if amount is None else {"amount": amount, "currency": currency}


def _version_on(day: date) -> str:
    """Name the nomenclature of a day; units older than the first one bear its codes."""
    return nomenclature.version_of(max(day.year, _EARLIEST_YEAR))


def _level(as_of: AsOf, code: str) -> Json:
    return plans.coded("budget_level", _version_on(as_of.valid_on), code)


def _chapter(as_of: AsOf, code: str) -> Json:
    day = as_of.valid_on
    current = nomenclature.chapter_in(code, budget_year=day.year)
    return plans.coded("budget_chapter", _version_on(day), current)


def _of_version(list_code: str) -> Callable[[str, str], Json]:
    return lambda version, code: plans.coded(list_code, version, code)


def _is_open(as_of: AsOf, closed_on: str | None) -> bool:
    return closed_on is None or as_of.valid_on < date.fromisoformat(closed_on)


def _line(version: str, codes: Sequence[str]) -> dict[str, Json]:
    category, item, programme, source = codes
    return {
        "category": plans.coded("budget_category", version, category),
        "item": plans.coded("budget_item", version, item),
        "programme": programme,
        "source": plans.coded("budget_source", version, source),
    }


def _decided(stage: Stage) -> Callable[[str, Entries], Json]:
    def list_decided(version: str, rows: Entries) -> Json:
        return [
            {
                **_line(version, codes),
                "amount": amount,
                "revision_no": revision_no,
                "decision_no": decision_no,
            }
            for its_stage, *codes, amount, revision_no, decision_no in rows or ()
            if its_stage == stage.value
        ]

    return list_decided


def _execution(version: str, rows: Entries) -> Json:
    return [
        {**_line(version, codes), "effect": effect, "amount": amount}
        for *codes, effect, amount in rows or ()
    ]


def _periods(rows: Entries, closed_rows: Entries) -> Json:
    closed = {row[0] for row in closed_rows or ()}
    sums: dict[str, dict[str, str]] = {}
    for period, effect, amount in rows or ():
        sums.setdefault(period, {})[effect] = amount
    return [
        {
            "period": period,
            "revenue": by_effect.get(Effect.REVENUE.value, "0"),
            "expenditure": by_effect.get(Effect.EXPENDITURE.value, "0"),
            "is_closed": period in closed or period[:_PERIOD_YEAR] in closed,
        }
        for period, by_effect in sorted(sums.items())
    ]


def _totals(decided: Entries, executed: Entries) -> Json:
    sums = dict.fromkeys((*(stage.value for stage in Stage), "revenue", "expenditure"), Decimal(0))
    for stage, *_, amount, _revision_no, _decision_no in decided or ():
        sums[stage] += Decimal(amount)
    for *_, effect, amount in executed or ():
        sums[effect] += Decimal(amount)
    return {name: f"{total:f}" for name, total in sums.items()}


def _duties(rows: Entries) -> Json:
    names = ("item", "tax_period", "assessed", "paid", "assessed_on", "due_on", "assessment_no")
    listed = []
    for row in rows or ():
        entry = dict(zip(names, row, strict=True))
        year = int(entry["tax_period"][:_PERIOD_YEAR])
        entry["item"] = plans.coded(
            _TAX_ITEM, nomenclature.version_of(max(year, _EARLIEST_YEAR)), entry["item"]
        )
        listed.append(entry)
    return listed


def _payments(rows: Entries) -> Json:
    names = ("payment_no", "item", "tax_period", "amount", "paid_on", "treasury_office")
    listed = []
    for row in rows or ():
        entry = dict(zip(names, row, strict=True))
        version = _version_on(date.fromisoformat(entry["paid_on"]))
        entry["item"] = plans.coded(_TAX_ITEM, version, entry["item"])
        listed.append(entry)
    return listed


def _overdue(as_of: AsOf, rows: Entries) -> Decimal:
    states = (
        taxes.DutyState(Decimal(row[2]), Decimal(row[3]), date.fromisoformat(row[5]))
        for row in rows or ()
    )
    return taxes.arrears_of(states, on=as_of.valid_on)


def _arrears(as_of: AsOf, rows: Entries) -> Json:
    return _money(f"{_overdue(as_of, rows):f}")


def _has_arrears(as_of: AsOf, rows: Entries) -> bool:
    return _overdue(as_of, rows) > 0


def _former_codes(rows: Entries) -> Json:
    return [row[0] for row in rows or ()]


def _country(code: str) -> Json:
    return plans.coded("country", "2020", code)


def _plain(*names: str) -> dict[str, Reading]:
    return {name: Reading((name,)) for name in names}


UNIT: Mapping[str, Reading] = {
    **_plain(
        "unit_code", "name_vi", "kind", "parent_unit_code", "agency_code", "tax_code",
        "opened_on", "closed_on", "closing_reason", "successor_unit_code",
    ),
    "level": Reading(("level_code",), _level, dated=True),
    "chapter": Reading(("chapter_code",), _chapter, dated=True),
    "place": Reading(("place",), _place),
    "is_open": Reading(("closed_on",), _is_open, dated=True),
}  # fmt: skip
BUDGET: Mapping[str, Reading] = {
    **_plain("budget_id", "unit_code", "budget_year", "settled_on"),
    "chapter": Reading(("nomenclature_version", "chapter_code"), _of_version("budget_chapter")),
    "level": Reading(("nomenclature_version", "level_code"), _of_version("budget_level")),
    "place": Reading(("place",), _place),
    "estimates": Reading(("nomenclature_version", "amounts"), _decided(Stage.ESTIMATE)),
    "allocations": Reading(("nomenclature_version", "amounts"), _decided(Stage.ALLOCATION)),
    "settlements": Reading(("nomenclature_version", "amounts"), _decided(Stage.SETTLEMENT)),
    "execution": Reading(("nomenclature_version", "executed"), _execution),
    "periods": Reading(("months", "closed_periods"), _periods),
    "totals": Reading(("amounts", "executed"), _totals),
}
TAXPAYER: Mapping[str, Reading] = {
    **_plain("taxpayer_code", "kind", "name", "registered_on"),
    "former_codes": Reading(("former_codes",), _former_codes),
    "tax_office": Reading(("tax_office_code",)),
    "duties": Reading(("duties",), _duties),
    "payments": Reading(("payments",), _payments),
    "arrears": Reading(("duties",), _arrears, dated=True),
    "has_arrears": Reading(("duties",), _has_arrears, dated=True),
}
DECLARATION: Mapping[str, Reading] = {
    **_plain(
        "declaration_no", "kind", "taxpayer_code", "procedure_code", "declared_on", "cleared_on",
    ),
    "customs_office": Reading(("customs_office_code",)),
    "partner_country": Reading(("partner_country_code",), _country),
    "customs_value": Reading(("value_amount", "value_currency"), _money),
    "duties": Reading(("duty_amount",), _money),
}  # fmt: skip
ASSET: Mapping[str, Reading] = {
    **_plain(
        "asset_code", "kind", "name_vi", "unit_code", "parcel_id", "area_m2", "acquired_on",
        "disposed_on",
    ),
    "place": Reading(("place",), _place),
    "original_value": Reading(("original_value_amount",), _money),
}  # fmt: skip
