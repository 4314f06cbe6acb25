"""Keeps published standards unchanged, and tells an incompatible new version from a compatible one.

What is published is fixed by hash: `published.sha256` beside the files lists them. A published
version is never edited; a change is a new version. A minor version (1.0 → 1.1) must be compatible
in the sense of `find_incompatible_changes`; a major one (1.x → 2.0) need not.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sharing_api.standards import catalogue

SEAL = "published.sha256"
# What readers build on. standard.toml is not sealed: a version grows old without changing.
_SEALED = ("schema.json", "mapping.toml")
_SEALED_SUFFIXES = (".xsd",)

# Keyword → whether a smaller value admits less.
_LIMITS: Mapping[str, bool] = {
    "maximum": True,
    "exclusiveMaximum": True,
    "maxLength": True,
    "maxItems": True,
    "maxProperties": True,
    "minimum": False,
    "exclusiveMinimum": False,
    "minLength": False,
    "minItems": False,
    "minProperties": False,
}
_EQUAL = (
    *("const", "pattern", "format", "uniqueItems", "multipleOf", "propertyNames"),
    *("not", "if", "then", "else"),
)
# Every version names itself here.
_OWN_NAME = ("/properties/standard", "const")
_ALTERNATIVES = ("anyOf", "oneOf", "allOf")


@dataclass(frozen=True, slots=True)
class Incompatibility:
    """One difference that breaks somebody who relies on the older version.

    Args:
        pointer: JSON pointer into the older schema.
        rule: what happened, such as property_removed or limit_narrowed.
    """

    pointer: str
    rule: str


def seal(folder: Path) -> str:
    """Compute the content of `published.sha256` for one version's folder, sorted by file name."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(folder.iterdir())
        if path.name in _SEALED or path.suffix in _SEALED_SUFFIXES
    ]
    return "".join(lines)


def find_broken_seals(root: Path = catalogue.ROOT) -> tuple[str, ...]:
    """Name the published versions whose files are not those that were published.

    Args:
        root: folder of the standards.

    Returns:
        such as citizen/1.0, sorted; a version that was never sealed counts as broken.
    """
    broken = []
    for path in sorted(root.glob("*/*/standard.toml")):
        sealed = path.parent / SEAL
        text = sealed.read_text(encoding="utf-8") if sealed.exists() else ""
        if text != seal(path.parent):
            broken.append(f"{path.parent.parent.name}/{path.parent.name}")
    return tuple(broken)


def find_incompatible_changes(
    old: Mapping[str, Any], new: Mapping[str, Any]
) -> tuple[Incompatibility, ...]:
    """Compare two versions of a JSON Schema.

    A change is compatible when every message valid before is valid after, and nothing that a
    reader could rely on is gone: optional members and further values may be added, limits widened.

    Args:
        old: the published schema.
        new: the schema proposed as its successor.
    """
    return tuple(dict.fromkeys(_Comparison(old, new).compare(old, new, "")))


class _Comparison:
    """Walks two schemas side by side; follows references inside each of them once."""

    def __init__(
        self,
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        seen: frozenset[tuple[str, str]] = frozenset(),
    ) -> None:
        self._old = old
        self._new = new
        self._seen = set(seen)

    def compare(self, old: Any, new: Any, at: str) -> Iterator[Incompatibility]:
        if isinstance(old, bool) or isinstance(new, bool):
            if old != new and new is not True:
                yield Incompatibility(at, "narrowed")
            return
        pair = (old.get("$ref", ""), new.get("$ref", ""))
        if any(pair):
            if all(pair) and pair in self._seen:
                return
            self._seen.add(pair)
        old, new = _resolve(old, self._old), _resolve(new, self._new)
        yield from self._values(old, new, at)
        yield from self._members(old, new, at)
        yield from self._parts(old, new, at)

    def _values(
        self, old: Mapping[str, Any], new: Mapping[str, Any], at: str
    ) -> Iterator[Incompatibility]:
        if "type" in new and not _types(old) <= _types(new):
            yield Incompatibility(at, "type_changed")
        if "enum" in new and not _listed(old.get("enum")) <= _listed(new["enum"]):
            yield Incompatibility(at, "value_removed")
        if "enum" in new and "enum" not in old:
            yield Incompatibility(at, "value_removed")
        for keyword in _EQUAL:
            if (at, keyword) == _OWN_NAME:
                continue
            if keyword in new and new[keyword] != old.get(keyword):
                yield Incompatibility(at, f"{keyword}_changed")
        for keyword, smaller_admits_less in _LIMITS.items():
            if keyword in new and _narrower(old.get(keyword), new[keyword], smaller_admits_less):
                yield Incompatibility(at, "limit_narrowed")

    def _members(
        self, old: Mapping[str, Any], new: Mapping[str, Any], at: str
    ) -> Iterator[Incompatibility]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name in sorted(before):
            pointer = f"{at}/properties/{name}"
            if name not in after:
                yield Incompatibility(pointer, "property_removed")
            else:
                yield from self.compare(before[name], after[name], pointer)
        for name in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
            yield Incompatibility(f"{at}/properties/{name}", "property_now_required")
        for name in sorted(set(old.get("required", ())) - set(new.get("required", ()))):
            yield Incompatibility(f"{at}/properties/{name}", "property_no_longer_promised")

    def _parts(
        self, old: Mapping[str, Any], new: Mapping[str, Any], at: str
    ) -> Iterator[Incompatibility]:
        for keyword in ("items", "additionalProperties"):
            if keyword in new:
                yield from self.compare(old.get(keyword, True), new[keyword], f"{at}/{keyword}")
        for keyword in _ALTERNATIVES:
            before, after = old.get(keyword), new.get(keyword)
            if after is None:
                continue
            if before is None:
                yield Incompatibility(f"{at}/{keyword}", "narrowed")
                continue
            for number, one in enumerate(before):
                pointer = f"{at}/{keyword}/{number}"
                if not any(not list(self._fresh(one, other)) for other in after):
                    yield Incompatibility(pointer, "alternative_removed")

    def _fresh(self, old: Any, new: Any) -> Iterator[Incompatibility]:
        # Alternatives are tried against each other: what one try has seen must not silence another.
        return _Comparison(self._old, self._new, frozenset(self._seen)).compare(old, new, "")


def _resolve(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        target: Any = root
        for part in schema["$ref"].removeprefix("#").split("/")[1:]:
            target = target[part.replace("~1", "/").replace("~0", "~")]
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema


def _types(schema: Mapping[str, Any]) -> set[str]:
    stated = schema.get("type")
    if stated is None:
        return {"any"}
    return {stated} if isinstance(stated, str) else set(stated)


def _listed(values: Any) -> set[str]:
    return {repr(value) for value in values or ()}


def _narrower(old: Any, new: Any, smaller_admits_less: bool) -> bool:
    if old is None:
        return True
    return bool(new < old if smaller_admits_less else new > old)
