"""What was learned of some records, kept without them: for single records, batches, partitions.

Weights and frequencies together say what any two records of the same subject, model and fields
weigh. They are written as bytes (NumPy's npz, without pickled objects): the size grows with the
different values that stand more than once, about 16 bytes each.
"""

import dataclasses
import io
import json
import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sharing_api.matching import dependence, errors, frequencies, learning, records, relatives
from sharing_api.matching.dependence import Bond
from sharing_api.matching.fields.kinds import BUCKETS, Column, Encoded, Flags, Rates
from sharing_api.matching.frequencies import Counts
from sharing_api.matching.learning import Weights
from sharing_api.matching.model import Kind, Model
from sharing_api.matching.records import Records
from sharing_api.matching.relatives import Relatives

_IS_THERE = 0.5  # probability that whoever is asked for stands in the register at all
_RELATIVES = 4.0  # others in a register with whom somebody shares a home or a family
_HEADER = "header"
Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class Learned:
    """Weights and frequencies of the records that they were learned from.

    Args:
        model: version of the model.
        subject: ``person`` or ``enterprise``.
        records: how many were counted.
        kinds: field → its kind, in the order of the weights.
        weights: of the fields.
        counts: field → how often its values stand there.
    """

    model: str
    subject: str
    records: int
    kinds: Mapping[str, Kind]
    weights: Weights
    counts: Mapping[str, Counts]

    def read(self, columns: Mapping[str, Column | Encoded], left: int | None = None) -> Records:
        """Read records that are to be weighed by what was learned.

        Args:
            columns: field → Arrow array of texts, or what `Records.encode` gave, all of one length;
                a field that is left out is unknown of all of them.
            left: how many of the rows, from the first, are the left side.

        Raises:
            UnknownField: nothing was learned of a field.
            NothingToCompare: there is no column.
        """
        unknown = set(columns) - set(self.kinds)
        if unknown:
            raise errors.UnknownField(f"Nothing was learned of {', '.join(sorted(unknown))}.")
        return records.read_as(self.kinds, self.counts, columns, left)

    def select(self, fields: Collection[str]) -> "Learned":
        """Keep some fields, as if the others were unknown of all records."""
        names = [name for name in self.kinds if name in fields]
        places = [list(self.kinds).index(name) for name in names]
        return dataclasses.replace(
            self,
            kinds={name: self.kinds[name] for name in names},
            counts={name: self.counts[name] for name in names},
            weights=_select(self.weights, places),
        )

    def to_bytes(self) -> bytes:
        """Write it down."""
        weights = self.weights
        header = {
            "model": self.model,
            "subject": self.subject,
            "records": self.records,
            "prior": weights.prior,
            "fields": {name: kind.name for name, kind in self.kinds.items()},
            "counts": {
                name: {"own": one.own, "records": dict(one.records)}
                for name, one in self.counts.items()
            },
            "bonds": [_write_bond(bond) for bond in weights.bonds],
            "relatives": None if weights.relatives is None else weights.relatives.prior,
        }
        arrays: Arrays = {_HEADER: np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)}
        arrays["factors"] = np.array(weights.log_factors).reshape(-1, BUCKETS)
        for place, name in enumerate(self.kinds):
            arrays[f"match/{name}"] = weights.match[place]
            arrays[f"strangers/{name}"] = weights.strangers[place]
            if weights.relatives is not None:
                arrays[f"relatives/{name}"] = weights.relatives.rates[place]
            for tally, values in self.counts[name].values.items():
                arrays[f"values/{name}/{tally}"] = values
                arrays[f"counts/{name}/{tally}"] = self.counts[name].counts[tally]
        file = io.BytesIO()
        np.savez(file, **arrays)  # type: ignore[arg-type]  # its stub takes no names but its own
        return file.getvalue()


def from_bytes(written: bytes, model: Model) -> Learned:
    """Read what was written by `Learned.to_bytes`.

    Raises:
        NotLearned: these are other bytes, or of another model.
    """
    try:
        with np.load(io.BytesIO(written), allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
        header = json.loads(arrays[_HEADER].tobytes())
        if header["model"] != model.version:
            raise errors.NotLearned(f"This was learned by model {header['model']}.")
        return _read(header, arrays, model)
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise errors.NotLearned("These bytes do not say what was learned.") from error


def of(data: Records, weights: Weights, model: Model, subject: str, own: int = 1) -> Learned:
    """Keep what was learned of records.

    Args:
        own: 1 to weigh other records against these; 2 to weigh these among themselves.
    """
    counts = {name: frequencies.collect(one.tallies, own) for name, one in data.fields.items()}
    return Learned(model.version, subject, data.count, dict(data.kinds), weights, counts)


def learn_alone(
    data: Records, model: Model, subject: str, records_in_all: int | None = None
) -> Learned:
    """Learn what strangers have in common, from a register that holds each of its subjects once.

    No pair in it is true, so that what true pairs have in common is the model's first guess.

    Args:
        data: the register, or a sample of it.
        records_in_all: how many the register holds, if that is a sample.
    """
    total = data.count if records_in_all is None else records_in_all
    pairs = learning.draw_strangers(data.count, data.left, model.learning)
    strangers = learning.rates_of_strangers(data, pairs)
    bonds = dependence.find_bonds(dependence.Here(data), strangers)
    weights = Weights(
        prior=_IS_THERE / max(1, total),
        match=[np.append(1.0, kind.match_rates) for kind in data.kinds.values()],
        strangers=strangers,
        bonds=[counted.bond for counted in bonds],
        log_factors=[counted.log_factors(np.zeros(BUCKETS), counted.both) for counted in bonds],
        relatives=_suppose_relatives(data, model, strangers, total),
    )
    return dataclasses.replace(of(data, weights, model, subject), records=total)


def _suppose_relatives(
    data: Records, model: Model, strangers: Sequence[Rates], total: int
) -> Relatives | None:
    supposed = relatives.guess(data, model, strangers)
    if supposed is None:
        return None
    return Relatives(_RELATIVES / max(1, total), supposed.rates)


def _select(weights: Weights, places: Sequence[int]) -> Weights:
    position = {old: new for new, old in enumerate(places)}
    kept = [
        (dataclasses.replace(bond, one=position[bond.one], other=position[bond.other]), factors)
        for bond, factors in zip(weights.bonds, weights.log_factors, strict=True)
        if bond.one in position and bond.other in position
    ]
    return dataclasses.replace(
        weights,
        match=[weights.match[place] for place in places],
        strangers=[weights.strangers[place] for place in places],
        relatives=_select_relatives(weights.relatives, places),
        bonds=[bond for bond, _ in kept],
        log_factors=[factors for _, factors in kept],
    )


def _select_relatives(relatives: Relatives | None, places: Sequence[int]) -> Relatives | None:
    if relatives is None:
        return None
    return Relatives(relatives.prior, [relatives.rates[place] for place in places])


def _write_bond(bond: Bond) -> dict[str, Any]:
    return {
        "fields": [bond.one, bond.other],
        "way": bond.way,
        "levels": [np.flatnonzero(one).tolist() for one in (bond.one_levels, bond.other_levels)],
    }


def _read(header: Mapping[str, Any], arrays: Arrays, model: Model) -> Learned:
    kinds = {name: model.kinds[kind] for name, kind in header["fields"].items()}
    widths = [len(kind.levels) + 1 for kind in kinds.values()]
    weights = Weights(
        prior=header["prior"],
        match=[arrays[f"match/{name}"] for name in kinds],
        strangers=[arrays[f"strangers/{name}"] for name in kinds],
        bonds=[_read_bond(bond, widths) for bond in header["bonds"]],
        log_factors=list(arrays["factors"]),
        relatives=_read_relatives(header["relatives"], kinds, arrays),
    )
    counts = {name: _read_counts(name, one, arrays) for name, one in header["counts"].items()}
    return Learned(header["model"], header["subject"], header["records"], kinds, weights, counts)


def _read_relatives(prior: float | None, names: Iterable[str], arrays: Arrays) -> Relatives | None:
    if prior is None:
        return None
    return Relatives(prior, [arrays[f"relatives/{name}"] for name in names])


def _read_bond(written: Mapping[str, Any], widths: Sequence[int]) -> Bond:
    one, other = written["fields"]
    masks: list[Flags] = []
    for place, levels in zip((one, other), written["levels"], strict=True):
        mask = np.zeros(widths[place], dtype=np.bool_)
        mask[levels] = True
        masks.append(mask)
    return Bond(one, other, written["way"], *masks)


def _read_counts(name: str, written: Mapping[str, Any], arrays: Arrays) -> Counts:
    tallies = written["records"]
    return Counts(
        records=tallies,
        values={tally: arrays[f"values/{name}/{tally}"] for tally in tallies},
        counts={tally: arrays[f"counts/{name}/{tally}"] for tally in tallies},
        own=written["own"],
    )
