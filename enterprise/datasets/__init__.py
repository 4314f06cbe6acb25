"""What the enterprise register publishes: `enterprise` and `dependent_unit`."""

from collections.abc import Mapping

from databases import datasets, plans
from databases.datasets import Dataset
from databases.identifiers import EnterpriseCode, MalformedIdentifier
from enterprise.datasets import fields, predicates, shapes
from enterprise.repository import answers, walks


def _canonical_code(text: str) -> str:
    code = EnterpriseCode.parse(text)
    if code.suffix is not None:
        message = "This is the code of a dependent unit: ask the dataset dependent_unit."
        raise MalformedIdentifier.of_field(
            "enterprise_code", "enterprise_code.dependent_unit", message
        )
    return code.base


def _canonical_unit_code(text: str) -> str:
    code = EnterpriseCode.parse(text, field="unit_code")
    if code.suffix is None:
        message = "The code of a dependent unit has 13 digits."
        raise MalformedIdentifier.of_field("unit_code", "unit_code.shape", message)
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
    fetch=plans.make_fetch(fields.ENTERPRISE_FIELDS, shapes.ENTERPRISE, answers.read_enterprises),
    search=plans.make_search(
        fields.ENTERPRISE_FIELDS,
        shapes.ENTERPRISE,
        predicates.PREDICATES,
        answers.search_enterprises,
    ),
    territory_of=("head_office",),
    walk=walks.walk_enterprises,
    subject="enterprise",
    matched={
        "name": "name_vi",
        "enterprise_code": "enterprise_code",
        "address": "head_office",
    },
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
    fetch=plans.make_fetch(fields.UNIT_FIELDS, shapes.UNIT, answers.read_dependent_units),
    search=datasets.refuse_searches("Dependent units are found through their enterprise."),
    territory_of=("address",),
)
DATASETS: Mapping[str, Dataset] = {d.name: d for d in (ENTERPRISE, DEPENDENT_UNIT)}
