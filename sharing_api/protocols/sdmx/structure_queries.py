"""Structure queries: which structures a path asks for, with what they refer to. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from sharing_api.protocols.sdmx import definitions, errors
from sharing_api.protocols.sdmx.structures import (
    AGENCY,
    VERSION,
    Artefact,
    CodeList,
    ConceptScheme,
    DataStructure,
    Flow,
)

# Source: SDMX 2.1 section 7, structural metadata queries; SDMX-REST 2.1.0 (SDMX 3.0), structures.
# Resource of a path → what it gives; `structure` and `*` give everything.
_KINDS: Mapping[str, type[Artefact]] = MappingProxyType(
    {
        "dataflow": Flow,
        "datastructure": DataStructure,
        "codelist": CodeList,
        "conceptscheme": ConceptScheme,
    }
)
_ALL: Final = frozenset({"all", "*", ""})
_VERSIONS: Final = frozenset({"latest", "+", "~", "1+.0.0", "1.0+.0", "1.0.0+", VERSION}) | _ALL
_REFERENCES: Final = frozenset(
    {"none", "parents", "parentsandsiblings", "ancestors", "children", "descendants", "all"}
)


def find(
    kind: str, agency: str, name: str, version: str, parameters: Sequence[tuple[str, str]]
) -> tuple[Artefact, ...]:
    """Find the structures of a query, each once.

    Args:
        kind: resource of the path, such as dataflow.
        agency, name, version: as in the path; several may be joined by commas or plus signs.
        parameters: `references` and `detail`.

    Raises:
        NoResults: there is none.
        FeatureNotOffered: a kind of structure, of reference or of detail that is not here.
        QueryNotParsed: the standard knows no such parameter.
    """
    references = _read_parameters(parameters)
    kinds = _read_kind(kind)
    agencies, names, versions = _split(agency), _split(name), _split(version)
    chosen = [
        one
        for one in definitions.artefacts()
        if isinstance(one, kinds)
        and (agencies & _ALL or AGENCY in agencies)
        and (names & _ALL or one.id in names)
        and versions & _VERSIONS
    ]
    if not chosen:
        raise errors.NoResults("No such structure is maintained here.")
    found = dict.fromkeys(chosen)
    for one in chosen:
        found |= dict.fromkeys(_related(one, references))
    return tuple(found)


def of_schema(context: str, parameters: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Give the parameters of the structure query that a schema query stands for.

    A schema is given as structures, not as XML Schema: all that data may hold.

    Raises:
        FeatureNotOffered: schemas of another kind of structure, or a parameter.
    """
    if context not in ("dataflow", "datastructure") or parameters:
        raise errors.FeatureNotOffered(
            "Schemas are given of a dataflow or a data structure, without parameters."
        )
    return [("references", "descendants")]


def _split(text: str) -> frozenset[str]:
    return frozenset(text.split(",") if text in _VERSIONS else text.replace("+", ",").split(","))


def _read_kind(kind: str) -> tuple[type[Artefact], ...]:
    if kind in ("structure", "*"):
        return tuple(_KINDS.values())
    if kind in _KINDS:
        return (_KINDS[kind],)
    raise errors.FeatureNotOffered(
        f"Maintained here are: {', '.join(_KINDS)}; other resources are not offered."
    )


def _read_parameters(parameters: Sequence[tuple[str, str]]) -> str:
    """Give what `references` says; it names a way to go, or one kind of structure."""
    references = "none"
    for name, value in parameters:
        if name == "detail":
            if value != "full":
                raise errors.FeatureNotOffered.of_field(
                    name, "sdmx.parameter", "Structures are given in full."
                )
        elif name != "references":
            raise errors.QueryNotParsed.of_field(
                name, "sdmx.parameter", "The standard has no such parameter."
            )
        elif value in _REFERENCES or value in _KINDS:
            references = value
        else:
            raise errors.FeatureNotOffered.of_field(
                name,
                "sdmx.references",
                f"Offered are {', '.join(sorted(_REFERENCES))}, and one kind of structure.",
            )
    return references


def _related(one: Artefact, references: str) -> Iterator[Artefact]:
    match references:
        case "none":
            pass
        case "children":
            yield from _children(one)
        case "descendants":
            yield from _descendants(one)
        case "parents":
            yield from _parents(one)
        case "parentsandsiblings":
            yield from _with_children(_parents(one))
        case "ancestors":
            yield from _ancestors(one)
        case "all":
            yield from _with_children((one, *_ancestors(one)))
            yield from _descendants(one)
        case kind:
            wanted = _KINDS.get(kind)
            related = (*_ancestors(one), *_descendants(one))
            yield from (other for other in related if wanted and isinstance(other, wanted))


def _children(one: Artefact) -> tuple[Artefact, ...]:
    if isinstance(one, Flow):
        return (one.structure,)
    if isinstance(one, DataStructure):
        return (one.concepts, *one.code_lists)
    return ()


def _parents(one: Artefact) -> tuple[Artefact, ...]:
    return tuple(other for other in definitions.artefacts() if one in _children(other))


def _with_children(several: Iterable[Artefact]) -> Iterator[Artefact]:
    for one in several:
        yield one
        yield from _children(one)


def _descendants(one: Artefact) -> Iterator[Artefact]:
    for child in _children(one):
        yield child
        yield from _descendants(child)


def _ancestors(one: Artefact) -> Iterator[Artefact]:
    for parent in _parents(one):
        yield parent
        yield from _ancestors(parent)
