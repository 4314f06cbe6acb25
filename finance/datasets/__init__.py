"""What the register publishes: budget units and their budgets, taxpayers, customs, assets."""

import re
from collections.abc import Callable, Mapping

from databases import plans
from databases.datasets import Dataset, Field, Predicate, WalkFunction
from databases.plans import Reading
from finance import errors
from finance.datasets import fields, predicates, shapes
from finance.repository import answers, walks
from finance.repository.reading import Source
from finance.rules import holdings, taxes, units

_BUDGET_ID = re.compile(r"[0-9]{7}-[0-9]{4}", re.ASCII)


def _canonical_budget_id(text: str) -> str:
    if not _BUDGET_ID.fullmatch(text):
        message = "Name a unit's budget by unit code, hyphen, year: 1054007-2026."
        raise errors.MalformedBudgetCode.of_field("budget_id", "budget_id.shape", message)
    return text


def _dataset(
    name: str,
    key_rule: Callable[[str], str],
    published: Mapping[str, Field],
    searched: Mapping[str, Predicate],
    readings: Mapping[str, Reading],
    source: Source,
    *,
    is_personal: bool,
    search_limit: int = 50,
    walk: WalkFunction | None = None,
) -> Dataset:
    return Dataset(
        name=name,
        register="finance",
        key=source.key,
        key_rule=key_rule,
        fields=published,
        predicates=searched,
        standard=name,
        standard_version="1.0",
        fetch=plans.make_fetch(published, readings, source.read),
        search=plans.make_search(published, readings, searched, source.search),
        territory_of=("place",) if "place" in published else (),
        search_limit=search_limit,
        walk=walk,
        is_personal=is_personal,
    )


BUDGET_UNIT = _dataset(
    "budget_unit",
    units.require_unit_code,
    fields.UNIT_FIELDS,
    predicates.UNIT_PREDICATES,
    shapes.UNIT,
    answers.UNITS,
    is_personal=False,
)
BUDGET_EXECUTION = _dataset(
    "budget_execution",
    _canonical_budget_id,
    fields.BUDGET_FIELDS,
    predicates.BUDGET_PREDICATES,
    shapes.BUDGET,
    answers.BUDGETS,
    is_personal=False,
    search_limit=500,
)
TAXPAYER = _dataset(
    "taxpayer",
    taxes.canonical_code,
    fields.TAXPAYER_FIELDS,
    predicates.TAXPAYER_PREDICATES,
    shapes.TAXPAYER,
    answers.TAXPAYERS,
    is_personal=True,
    walk=walks.walk_taxpayers,
)
CUSTOMS_DECLARATION = _dataset(
    "customs_declaration",
    holdings.require_declaration_no,
    fields.DECLARATION_FIELDS,
    predicates.DECLARATION_PREDICATES,
    shapes.DECLARATION,
    answers.DECLARATIONS,
    is_personal=True,
)
PUBLIC_ASSET = _dataset(
    "public_asset",
    holdings.require_asset_code,
    fields.ASSET_FIELDS,
    predicates.ASSET_PREDICATES,
    shapes.ASSET,
    answers.ASSETS,
    is_personal=False,
    walk=walks.walk_assets,
)
DATASETS: Mapping[str, Dataset] = {
    d.name: d for d in (BUDGET_UNIT, BUDGET_EXECUTION, TAXPAYER, CUSTOMS_DECLARATION, PUBLIC_ASSET)
}
