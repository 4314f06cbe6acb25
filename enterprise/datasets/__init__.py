"""What the enterprise register publishes: `enterprise` and `dependent_unit`."""

from collections.abc import Mapping

from databases.datasets import Dataset
from databases.errors import FieldProblem
from databases.identifiers import EnterpriseCode, MalformedIdentifier
from enterprise.datasets import fields, predicates, records


def _canonical_code(text: str) -> str:
    code = EnterpriseCode.parse(text)
    if code.suffix is not None:
        message = "This is the code of a dependent unit: ask the dataset dependent_unit."
        problem = FieldProblem("enterprise_code", "enterprise_code.dependent_unit", message)
        raise MalformedIdentifier(message, fields=[problem])
    return code.base


def _canonical_unit_code(text: str) -> str:
    code = EnterpriseCode.parse(text, field="unit_code")
    if code.suffix is None:
        message = "The code of a dependent unit has 13 digits."
        problem = FieldProblem("unit_code", "unit_code.shape", message)
        raise MalformedIdentifier(message, fields=[problem])
    return str(code)


ENTERPRISE = Dataset(
    name="enterprise",
    register="enterprise",
    key="enterprise_code",
    key_rule=_canonical_code,
    fields=fields.ENTERPRISE_FIELDS,
    predicates=predicates.PREDICATES,
    standard="enterprise",
    standard_version="1.0",
    fetch=records.fetch,
    search=records.search,
    territory_of=("head_office",),
)
DEPENDENT_UNIT = Dataset(
    name="dependent_unit",
    register="enterprise",
    key="unit_code",
    key_rule=_canonical_unit_code,
    fields=fields.UNIT_FIELDS,
    predicates={},
    standard="enterprise",
    standard_version="1.0",
    fetch=records.fetch_units,
    search=records.search_units,
    territory_of=("address",),
)
DATASETS: Mapping[str, Dataset] = {d.name: d for d in (ENTERPRISE, DEPENDENT_UNIT)}
