"""The dataset `publication`: for auditors, how much detail of each table a publication shows."""

from collections.abc import Mapping
from datetime import date

from databases import datasets, errors, plans
from databases.datasets import Dataset, Field, FieldType
from databases.plans import Reading
from population_statistics.repository import answers

_LAW = "Law on Statistics 89/2015/QH13 art. 57"


class NotADay(errors.Invalid):
    """The key of a publication is its day of counting."""

    code = "population_statistics.not_a_day"


def _field(name: str, kind: FieldType, title_vi: str, description: str) -> Field:
    return Field(name, kind, "basic", (), ("full",), None, _LAW, title_vi, description)


FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        _field("reference_day", "date", "Thời điểm", "Day on which the population was counted."),
        _field("time_period", "text", "Kỳ", "Year that its figures are of."),
        _field("vintage", "integer", "Lần công bố", "1 for the first one of the day."),
        _field(
            "population_change",
            "integer",
            "Số thay đổi của cơ sở dữ liệu dân cư",
            "Last change of the population register that was counted.",
        ),
        _field("rule_version", "text", "Phiên bản quy tắc", "Version of the rules of computation."),
        _field(
            "source_receipt", "text", "Biên nhận nguồn", "Entry of the access log of the counts."
        ),
        _field(
            "budgets",
            "list",
            "Mức chi tiết được công bố",
            "For each table: cells, small cells, witnesses, figures, figures suppressed.",
        ),
    )
}
_READINGS = {name: Reading((name,)) for name in FIELDS}


def _canonical_day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise NotADay.of_field("key", "key.not_a_day", "Give a day as YYYY-MM-DD.") from error


PUBLICATION = Dataset(
    name="publication",
    register="population_statistics",
    key="reference_day",
    key_rule=_canonical_day,
    fields=FIELDS,
    predicates={},
    standard="publication",
    standard_version="1.0",
    fetch=plans.make_fetch(FIELDS, _READINGS, answers.read_publications),
    search=datasets.refuse_searches("Look a publication up by its day of counting."),
    territory_of=(),
    is_personal=False,
)
