"""The catalogue of published standards: reads `/standards` once and hands out what is there."""

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import orjson

from sharing_api.standards import errors

ROOT = Path(__file__).resolve().parents[2] / "standards"

Status = Literal["draft", "published", "deprecated", "withdrawn"]
Representation = Literal["json", "xml"]

_REFERENCE = re.compile(r"[a-z][a-z0-9_]{0,63}/[0-9]{1,3}\.[0-9]{1,3}", re.ASCII)
_FILE_TYPES = MappingProxyType(
    {
        ".json": "application/json",
        ".xsd": "application/xml",
        ".xml": "application/xml",
        ".toml": "application/toml; charset=utf-8",
        ".sha256": "text/plain; charset=utf-8",
    }
)


@dataclass(frozen=True, slots=True)
class Standard:
    """One version of a published standard.

    Args:
        name, version: as in the folder's path, such as citizen and 1.0.
        title: in English.
        title_vi: in Vietnamese.
        owner: agency code of the keeper of the standard's content.
        status: where it stands in its life.
        confidence: how sure the legal source is.
        sources: instruments that it follows.
        representations: forms that a message of it can take.
        published_on: first day on which messages may claim it.
        deprecated_on: first day from which another version is preferred, or None.
        sunset_on: first day on which it may no longer be served, or None.
        files: file name → bytes, as published.
    """

    name: str
    version: str
    title: str
    title_vi: str
    owner: str
    status: Status
    confidence: str
    sources: tuple[str, ...]
    representations: tuple[Representation, ...]
    published_on: date | None
    deprecated_on: date | None
    sunset_on: date | None
    files: Mapping[str, bytes]

    @property
    def reference(self) -> str:
        """Name it as messages do, such as citizen/1.0."""
        return f"{self.name}/{self.version}"


def list_standards() -> tuple[Standard, ...]:
    """List every version of every standard, by name and version."""
    return tuple(_catalogue().values())


def get_standard(name: str, version: str) -> Standard:
    """Get one version of a standard.

    Raises:
        UnknownStandard: there is none.
    """
    standard = _catalogue().get(f"{name}/{version}")
    if standard is None:
        raise errors.UnknownStandard("No such standard; the catalogue lists what is published.")
    return standard


def get_file(name: str, version: str, file_name: str) -> tuple[bytes, str]:
    """Get one published file and its media type.

    Raises:
        UnknownStandard: no such standard, or it has no such file.
    """
    content = get_standard(name, version).files.get(file_name)
    if content is None:
        raise errors.UnknownStandard("The standard has no such file; its entry lists the files.")
    return content, _FILE_TYPES[Path(file_name).suffix]


def parse_reference(reference: str) -> tuple[str, str]:
    """Take a reference apart.

    Raises:
        UnknownStandard: it does not look like one.

    >>> parse_reference("citizen/1.0")
    ('citizen', '1.0')
    """
    if not _REFERENCE.fullmatch(reference):
        raise errors.UnknownStandard("A standard is named like citizen/1.0.")
    name, _, version = reference.partition("/")
    return name, version


def get_json_schema(name: str, version: str) -> dict[str, Any]:
    """Get the JSON Schema of a standard, a fresh copy.

    Raises:
        UnknownStandard: no such standard, or it has no JSON form.
    """
    content, _ = get_file(name, version, "schema.json")
    schema: dict[str, Any] = orjson.loads(content)
    return schema


@functools.cache
def _catalogue() -> Mapping[str, Standard]:
    found = [_read(folder.parent) for folder in sorted(ROOT.glob("*/*/standard.toml"))]
    return MappingProxyType({standard.reference: standard for standard in found})


def _read(folder: Path) -> Standard:
    facts = tomllib.loads((folder / "standard.toml").read_text(encoding="utf-8"))
    files = {
        path.name: path.read_bytes()
        for path in sorted(folder.iterdir())
        if path.suffix in _FILE_TYPES
    }
    return Standard(
        name=folder.parent.name,
        version=folder.name,
        title=facts["title"],
        title_vi=facts["title_vi"],
        owner=facts["owner"],
        status=facts["status"],
        confidence=facts["confidence"],
        sources=tuple(facts["sources"]),
        representations=tuple(facts["representations"]),
        published_on=facts.get("published_on"),
        deprecated_on=facts.get("deprecated_on"),
        sunset_on=facts.get("sunset_on"),
        files=MappingProxyType(files),
    )
