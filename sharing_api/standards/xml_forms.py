"""The table between field names and XML elements, as each standard publishes it in mapping.toml."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sharing_api.standards import catalogue


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a record.

    Args:
        field: field that feeds it.
        tag: qualified name.
        kind: how the value is written; see `xml_fields`.
        inner: local name of the element inside, for wrapped kinds.
        take: which entries of a list go here: first, rest or, by default, all.
        roles: roles whose entries go here.
        attribute: member and attribute that tell what the element is about.
        also: second field that feeds it.
    """

    field: str
    tag: str
    kind: str
    inner: str = ""
    take: str = "all"
    roles: tuple[str, ...] = ()
    attribute: tuple[str, ...] = ()
    also: str = ""


@dataclass(frozen=True, slots=True)
class MessageForm:
    """The XML form of a standard.

    Args:
        collection, record: qualified names of the root and of a record.
        count: attribute of the root that counts the records.
        namespace: of the core elements and of the parts of names and places.
        extension: of the elements that the core lacks.
        elements: in the order of the schema.
        groups: name → children as (member, local name, kind).
    """

    collection: str
    record: str
    count: str
    namespace: str
    extension: str
    elements: tuple[Element, ...]
    groups: Mapping[str, tuple[tuple[str, str, str], ...]]

    @property
    def fields(self) -> frozenset[str]:
        """Fields that some element takes."""
        return frozenset(
            name for element in self.elements for name in (element.field, element.also) if name
        )

    def claimed_roles(self, field: str) -> frozenset[str]:
        """Roles of a field's entries that have an element of their own."""
        return frozenset(
            role for element in self.elements if element.field == field for role in element.roles
        )


@functools.cache
def load_form(name: str, version: str) -> MessageForm:
    """Load the XML form of a standard, once.

    Raises:
        UnknownStandard: no such standard, or it has no mapping.
    """
    content, _ = catalogue.get_file(name, version, "mapping.toml")
    table = tomllib.loads(content.decode())
    spaces = {"core": table["namespace"], "extension": table["extension"]}
    return MessageForm(
        collection=f"{{{table['namespace']}}}{table['collection']}",
        record=f"{{{table['namespace']}}}{table['record']}",
        count=table["count"],
        namespace=table["namespace"],
        extension=table["extension"],
        elements=tuple(_element(one, spaces) for one in table["element"]),
        groups={
            key: tuple((member, local, kind) for member, local, kind in children)
            for key, children in table.get("groups", {}).items()
        },
    )


def _element(entry: Mapping[str, Any], spaces: Mapping[str, str]) -> Element:
    return Element(
        field=entry["field"],
        tag=f"{{{spaces[entry['space']]}}}{entry['name']}",
        kind=entry["kind"],
        inner=entry.get("inner", ""),
        take=entry.get("take", "all"),
        roles=tuple(entry.get("roles", ())),
        attribute=tuple(entry.get("attribute", ())),
        also=entry.get("also", ""),
    )
