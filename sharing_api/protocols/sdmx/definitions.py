"""The structures that are published: made of the dataset's fields and the country's code lists."""

import functools
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from databases.code_lists import reading
from databases.code_lists.catalogue import Catalogue
from sharing_api.disclosure import catalogue
from sharing_api.protocols.sdmx import code_lists
from sharing_api.protocols.sdmx.structures import (
    Artefact,
    CodeList,
    Component,
    ConceptScheme,
    DataStructure,
    Flow,
    Item,
    Role,
    TextType,
)

DATASET: Final = "population_statistics/observation"
# Of this version of the structures.
PUBLISHED_AT: Final = datetime(2026, 11, 22, tzinfo=UTC)
# In the order of a series key.
DIMENSIONS: Final = (
    "freq",
    "ref_area",
    "indicator",
    "sex",
    "age",
    "urbanisation",
    "marital_status",
    "ethnicity",
)
TIME_DIMENSION: Final = "time_period"
MEASURE: Final = "obs_value"
ATTRIBUTES: Final = (
    "unit_measure",
    "unit_mult",
    "decimals",
    "obs_status",
    "conf_status",
    "area_version",
    "reference_day",
    "rule_version",
    "population_change",
    "vintage",
    "source_receipt",
)
# Without these an observation says nothing; the others stand where the agreement grants them.
REQUIRED: Final = (*DIMENSIONS, TIME_DIMENSION, "obs_status", "conf_status")

# Field → code list of the structure and English name; Vietnamese names are the dataset's.
_CODED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "freq": ("CL_FREQ", "Frequency"),
        "ref_area": ("CL_AREA", "Reference area"),
        "indicator": ("CL_INDICATOR", "Indicator"),
        "sex": ("CL_SEX", "Sex"),
        "age": ("CL_AGE", "Age"),
        "urbanisation": ("CL_URBANISATION", "Urban or rural"),
        "marital_status": ("CL_MARITAL_STATUS", "Marital status"),
        "ethnicity": ("CL_ETHNICITY", "Ethnic group"),
        "unit_measure": ("CL_UNIT_MEASURE", "Unit of measure"),
        "obs_status": ("CL_OBS_STATUS", "Observation status"),
        "conf_status": ("CL_CONF_STATUS", "Confidentiality status"),
    }
)
_PLAIN: Mapping[str, tuple[TextType, str]] = MappingProxyType(
    {
        "time_period": ("ObservationalTimePeriod", "Time period"),
        "obs_value": ("Double", "Observation value"),
        "unit_mult": ("Integer", "Unit multiplier"),
        "decimals": ("Integer", "Decimals"),
        "area_version": ("String", "Version of the list of areas"),
        "reference_day": ("ObservationalTimePeriod", "Day counted on"),
        "rule_version": ("String", "Version of the rules of computation"),
        "population_change": ("Integer", "Last change of the population register counted"),
        "vintage": ("Integer", "Publication of the period"),
        "source_receipt": ("String", "Log entry of the counts"),
    }
)
_FLOWS: Final = (
    ("POPULATION", "Population by area, sex and age", "Dân số theo khu vực, giới tính và độ tuổi"),
    ("POPULATION_INDICATORS", "Population indicators", "Các chỉ tiêu dân số"),
)


def component_of(field: str) -> str:
    """Name the component that carries a field."""
    return field.upper()


@functools.cache
def flows() -> Mapping[str, Flow]:
    """Give the flows by their names."""
    structure = _structure()
    return {one: Flow(one, name, name_vi, structure) for one, name, name_vi in _FLOWS}


@functools.cache
def artefacts() -> tuple[Artefact, ...]:
    """Give everything that is published, what refers before what is referred to."""
    structure = _structure()
    return (*flows().values(), structure, structure.concepts, *structure.code_lists)


@functools.cache
def _structure() -> DataStructure:
    lists = reading.load_catalogue()
    roles: dict[Role, tuple[str, ...]] = {
        "dimension": DIMENSIONS,
        "time": (TIME_DIMENSION,),
        "measure": (MEASURE,),
        "attribute": ATTRIBUTES,
    }
    components = tuple(
        _component(name, role, lists) for role, names in roles.items() for name in names
    )
    concepts = ConceptScheme(
        "CS_POPULATION",
        "Concepts of population statistics",
        "Khái niệm thống kê dân số",
        tuple(one.concept for one in components),
    )
    return DataStructure(
        "DSD_POPULATION",
        "Population statistics",
        "Thống kê dân số",
        concepts,
        components,
    )


def _component(field: str, role: Role, lists: Catalogue) -> Component:
    title_vi = catalogue.DATASETS[DATASET].fields[field].title_vi
    is_required = field in REQUIRED
    if field in _CODED:
        list_id, name = _CODED[field]
        codes = CodeList(
            list_id, f"Codes: {name}", f"Mã: {title_vi}", tuple(code_lists.codes_of(field, lists))
        )
        concept = Item(component_of(field), name, title_vi)
        return Component(concept, role, codes, is_required=is_required)
    text_type, name = _PLAIN[field]
    concept = Item(component_of(field), name, title_vi)
    return Component(concept, role, text_type=text_type, is_required=is_required)
