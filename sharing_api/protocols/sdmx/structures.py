"""The information model of SDMX as far as it is used here: flows, structures, concepts, codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Final, Literal

AGENCY: Final = "VNNSO"
VERSION: Final = "1.0.0"

Role = Literal["dimension", "time", "measure", "attribute"]
TextType = Literal["String", "Double", "Integer", "ObservationalTimePeriod", "DateTime"]


@dataclass(frozen=True, slots=True)
class Item:
    """A code or a concept, named in English and Vietnamese."""

    id: str
    name: str
    name_vi: str = ""


@dataclass(frozen=True, eq=False)
class Artefact:
    """Something that is maintained and has a version."""

    id: str
    name: str
    name_vi: str

    kind: ClassVar[str]
    package: ClassVar[str]

    @property
    def urn(self) -> str:
        """Name it as the standard's registries do."""
        model = f"urn:sdmx:org.sdmx.infomodel.{self.package}.{self.kind}"
        return f"{model}={AGENCY}:{self.id}({VERSION})"


@dataclass(frozen=True, eq=False)
class ItemScheme(Artefact):
    """A list of codes or of concepts."""

    items: Sequence[Item]

    item_kind: ClassVar[str]

    def item_urn(self, item: str) -> str:
        """Name one of its items."""
        return f"{self.urn.replace(f'.{self.kind}=', f'.{self.item_kind}=')}.{item}"

    @cached_property
    def ids(self) -> frozenset[str]:
        """Names of the items."""
        return frozenset(one.id for one in self.items)


class CodeList(ItemScheme):
    """Codes of one component or of several."""

    kind = "Codelist"
    package = "codelist"
    item_kind = "Code"


class ConceptScheme(ItemScheme):
    """What components mean."""

    kind = "ConceptScheme"
    package = "conceptscheme"
    item_kind = "Concept"


@dataclass(frozen=True, slots=True)
class Component:
    """A column of the data.

    Args:
        concept: what it means; it has the component's id.
        codes: its code list; None for free text.
        is_required: whether every observation has it.
    """

    concept: Item
    role: Role
    codes: CodeList | None = None
    text_type: TextType = "String"
    is_required: bool = True

    @property
    def id(self) -> str:
        """Name in messages."""
        return self.concept.id


@dataclass(frozen=True, eq=False)
class DataStructure(Artefact):
    """Which dimensions, attributes and measure observations have."""

    concepts: ConceptScheme
    components: Sequence[Component]

    kind: ClassVar[str] = "DataStructure"
    package: ClassVar[str] = "datastructure"

    def of_role(self, *roles: Role) -> tuple[Component, ...]:
        """Give the components of some roles, in order."""
        return tuple(one for one in self.components if one.role in roles)

    @cached_property
    def series_dimensions(self) -> tuple[str, ...]:
        """Names of the dimensions of a series key, in order."""
        return tuple(one.id for one in self.of_role("dimension"))

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """Names of all dimensions, the time last."""
        return tuple(one.id for one in self.of_role("dimension", "time"))

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """Names of the attributes."""
        return tuple(one.id for one in self.of_role("attribute"))

    @cached_property
    def measure(self) -> str:
        """Name of the measure."""
        return self.of_role("measure")[0].id

    @cached_property
    def code_lists(self) -> tuple[CodeList, ...]:
        """Code lists of the components, each once."""
        return tuple(dict.fromkeys(one.codes for one in self.components if one.codes))


@dataclass(frozen=True, eq=False)
class Flow(Artefact):
    """Data that are published under a structure."""

    structure: DataStructure

    kind: ClassVar[str] = "Dataflow"
    package: ClassVar[str] = "datastructure"


@dataclass(frozen=True, eq=False)
class Constraint(Artefact):
    """Of which codes and periods a flow has observations.

    Args:
        codes: dimension → codes.
        periods: in order; empty where nothing is told of them.
    """

    flow: Flow
    codes: Mapping[str, Sequence[str]]
    periods: Sequence[str]

    kind: ClassVar[str] = "DataConstraint"  # ContentConstraint in SDMX 2.1
    package: ClassVar[str] = "registry"
