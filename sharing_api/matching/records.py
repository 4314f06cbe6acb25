"""Records that are to be compared: their fields, read once, as arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from databases import processes
from sharing_api.matching import errors
from sharing_api.matching.fields import several
from sharing_api.matching.fields.kinds import Agreement, Column, Encoded, Field, Levels, Rows
from sharing_api.matching.fields.places import Places
from sharing_api.matching.fields.several import Several
from sharing_api.matching.frequencies import Frequencies
from sharing_api.matching.hashing import Hashes
from sharing_api.matching.model import Kind, Model

STREET = "_street"  # the field of what stands before the units of an address
_WORTH_A_PROCESS = 20_000  # records; fewer are read sooner than a process is started
READ_AS_PLACES = 0.5  # of the addresses; fewer, and they are not Vietnamese: texts


@dataclass(frozen=True)
class Records:
    """The records of one file, or of two, those of the left one first.

    Args:
        count: how many there are.
        left: how many of them are the left side; None when all are compared with each other.
        fields: name → the field.
        kinds: name → its kind.
    """

    count: int
    left: int | None
    fields: Mapping[str, Field]
    kinds: Mapping[str, Kind]

    @property
    def possible_pairs(self) -> float:
        """Number of pairs that could be compared."""
        return possible_pairs(self.count, self.left)

    @cached_property
    def keys(self) -> dict[str, Sequence[Hashes]]:
        """The keys of all fields, named ``field.key``."""
        return {
            f"{name}.{key}": vectors
            for name, field in self.fields.items()
            for key, vectors in field.keys().items()
        }

    @cached_property
    def implied(self) -> dict[str, frozenset[str]]:
        """Key → itself and the keys that agree whenever it does."""
        return {
            name: frozenset(
                {name}
                | {
                    f"{name.partition('.')[0]}.{key}"
                    for key in self.fields[name.partition(".")[0]].implied.get(
                        name.partition(".")[2], ()
                    )
                }
            )
            for name in self.keys
        }

    @cached_property
    def agreements(self) -> Sequence[Sequence[Agreement]]:
        """The ways in which the values of each field can agree."""
        return [field.agreements() for field in self.fields.values()]

    def encode(self) -> dict[str, Encoded]:
        """Write down what is compared: `read_as` makes the same records of it, without reading."""
        return {name: field.encode() for name, field in self.fields.items()}

    def compare(self, left: Rows, right: Rows) -> Levels:
        """Give the levels of pairs, pair by field."""
        levels = [field.compare(left, right) for field in self.fields.values()]
        return np.stack(levels, axis=1) if levels else np.zeros((len(left), 0), dtype=np.int8)


def possible_pairs(count: int, left: int | None) -> float:
    """Number of pairs that could be compared; arguments as of `Records`."""
    if left is None:
        return count * (count - 1) / 2
    return float(left * (count - left))


def read(
    model: Model,
    subject: str,
    columns: Mapping[str, Column],
    left: int | None = None,
    *,
    workers: int = 0,
) -> Records:
    """Read the fields of records.

    Args:
        model: says which kind each field is.
        subject: ``person`` or ``enterprise``.
        columns: field → Arrow array of texts, or of lists of texts where a record may have several
            values; all of one length, null or empty where unknown.
        left: how many of the rows, from the first, are the left side.
        workers: processes that read.

    Raises:
        NothingToCompare: no column holds anything.
    """
    filled = [name for name in columns if says_something(columns[name])]
    if not filled:
        raise errors.NothingToCompare("None of the mapped columns holds a value.")
    count = len(columns[filled[0]])
    kinds = {name: model.kind_of(subject, name) for name in filled}
    # Addresses take the longest; whoever waits for them reads the rest meanwhile.
    order = sorted(filled, key=lambda name: kinds[name].name != "place")

    def read_one(number: int) -> dict[str, tuple[Kind, Field]]:
        name = order[number]
        return _read_column(model, name, kinds[name], columns)

    enough = workers if count >= _WORTH_A_PROCESS else 0
    read: dict[str, tuple[Kind, Field]] = {}
    for one in processes.run_each(read_one, len(order), enough):
        read |= one
    known = [own for name in filled for own in (name, f"{name}{STREET}") if own in read]
    names = list(dict.fromkeys(known))
    return Records(
        count,
        left,
        fields={name: read[name][1] for name in names},
        kinds={name: read[name][0] for name in names},
    )


def _read_column(
    model: Model, name: str, kind: Kind, columns: Mapping[str, Column]
) -> dict[str, tuple[Kind, Field]]:
    """Read a field, and of an address what stands before its units as a field of its own."""
    column = columns[name]
    field = kind.read(column)
    read: dict[str, tuple[Kind, Field]] = {name: (kind, field)}
    places = several.values_of(field)
    if not isinstance(places, Places):
        return read
    text, street = model.kinds["text"], f"{name}{STREET}"
    if places.share_read < READ_AS_PLACES:
        read[name] = (text, text.read(column))
        return read
    streets = streets_of(field)
    if streets is not None and says_something(streets) and street not in columns:
        read[street] = (text, text.read(streets))
    return read


def kinds_of(model: Model, subject: str, fields: Sequence[str]) -> dict[str, Kind]:
    """Give the kind of each field, and of the streets that addresses are parted into."""
    kinds: dict[str, Kind] = {}
    for name in fields:
        kinds[name] = model.kind_of(subject, name)
        if kinds[name].name == "place":
            kinds[f"{name}{STREET}"] = model.kinds["text"]
    return kinds


def read_as(
    kinds: Mapping[str, Kind],
    frequencies: Mapping[str, Frequencies],
    columns: Mapping[str, Column | Encoded],
    left: int | None = None,
) -> Records:
    """Read the fields of records of which the kinds are known, whatever their values are.

    Args:
        kinds: field → its kind; those without a column are unknown of all records.
        frequencies: field → how often its values stand among strangers.
        columns: as for `read`, or as `Records.encode` gave them.
        left: as for `read`.

    Raises:
        NothingToCompare: there is no column.
    """
    if not columns:
        raise errors.NothingToCompare("There is no column to compare.")
    count = len(next(iter(columns.values())))
    is_encoded = isinstance(next(iter(columns.values())), Encoded)
    nothing = Encoded([None] * count) if is_encoded else pa.nulls(count, pa.string())
    given = dict(columns)
    fields: dict[str, Field] = {}
    for name, kind in kinds.items():
        field = kind.read(given.get(name, nothing), frequencies[name])
        fields[name] = field
        streets = streets_of(field)
        if streets is not None:
            given.setdefault(f"{name}{STREET}", streets)
    return Records(count, left, fields, kinds)


def streets_of(field: Field) -> Column | None:
    """Give what stands before the units of addresses; None of other fields and of encoded ones."""
    values = several.values_of(field)
    if not isinstance(values, Places) or values.streets is None:
        return None
    return field.lists_of(values.streets) if isinstance(field, Several) else values.streets


def says_something(column: Column) -> bool:
    """Tell whether any cell of a column holds a value."""
    if several.is_several(column):
        column = column.flatten()
    return bool(pc.any(pc.greater(pc.binary_length(column), 0)).as_py())


def concatenate(left: Mapping[str, Column], right: Mapping[str, Column]) -> dict[str, Column]:
    """Put the columns of two files under each other; what one lacks is unknown in it.

    Raises:
        NothingToCompare: they have no field in common.
    """
    if not set(left) & set(right):
        raise errors.NothingToCompare("The two have no field in common.")
    sizes = [len(next(iter(side.values()))) for side in (left, right)]
    joined = {}
    for name in (*left, *(name for name in right if name not in left)):
        parts = [
            side[name] if name in side else pa.nulls(size, pa.string())
            for side, size in zip((left, right), sizes, strict=True)
        ]
        if any(several.is_several(part) for part in parts):
            parts = [several.as_lists(part) for part in parts]
        joined[name] = pa.concat_arrays(parts)
    return joined
