"""Public services whose forms the exchange fills: data files, each with its legal sources."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import orjson

_FOLDER = Path(__file__).resolve().parent.parent / "procedures"


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form, and where it comes from.

    Args:
        role: whose record it is taken from.
        dataset: `register/dataset`.
        field: of the dataset.
    """

    name: str
    title_vi: str
    role: str
    dataset: str
    field: str


@dataclass(frozen=True, slots=True)
class Part:
    """What a form takes from one record: the question that fills it."""

    role: str
    dataset: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Procedure:
    """A public service.

    Args:
        name: as agreements and questions name it.
        sources: instruments that say what its form holds, and what of them was not at hand.
        required, optional: roles of those concerned.
        form: fields in the order of the form.
    """

    name: str
    title_vi: str
    sources: tuple[str, ...]
    required: frozenset[str]
    optional: frozenset[str]
    form: tuple[FormField, ...]

    @property
    def datasets(self) -> frozenset[str]:
        """All datasets that the form may take from: what one agreement must combine."""
        return frozenset(one.dataset for one in self.form)

    def parts(self, roles: Iterable[str]) -> tuple[Part, ...]:
        """Give the questions that fill what the form says of some roles, in its order."""
        wanted = frozenset(roles)
        fields: dict[tuple[str, str], list[str]] = {}
        for one in self.form:
            if one.role in wanted:
                fields.setdefault((one.role, one.dataset), []).append(one.field)
        return tuple(Part(*place, tuple(names)) for place, names in fields.items())


@functools.cache
def load() -> Mapping[str, Procedure]:
    """Read all procedures, by name."""
    found = (_read(path) for path in sorted(_FOLDER.glob("*.json")))
    return MappingProxyType({one.name: one for one in found})


def _read(path: Path) -> Procedure:
    content = orjson.loads(path.read_bytes())
    roles = content["roles"]
    return Procedure(
        name=content["procedure"],
        title_vi=content["title_vi"],
        sources=tuple(content["sources"]),
        required=frozenset(name for name, role in roles.items() if role["is_required"]),
        optional=frozenset(name for name, role in roles.items() if not role["is_required"]),
        form=tuple(FormField(**one) for one in content["form"]),
    )
