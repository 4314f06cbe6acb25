"""The corridor's finder of candidates: asks the index, and compares with what the register says."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from sqlalchemy.orm import Session

from sharing_api.disclosure.candidates import Evidence, Likeness
from sharing_api.matching import explanation
from sharing_api.matching.fields import place_texts
from sharing_api.matching.frequencies import HERE
from sharing_api.matching.index import sources
from sharing_api.matching.index.keeping import Keeper
from sharing_api.matching.index.lookup import Lookup, Weighed
from sharing_api.matching.model import Model

_NOT_KNOWN = "not_known"


class IndexFinder:
    """Finds candidates in the indexes of a site.

    Args:
        keeper: of the site.
        model: of the likeness.
    """

    def __init__(self, keeper: Keeper, model: Model) -> None:
        self._lookup = Lookup(keeper, model)
        self._model = model
        self.model = model.version

    def start(self) -> None:
        """Read the lists of communes beside the work, so that not the first question waits."""
        threading.Thread(
            target=place_texts.read_all, args=(["Hà Nội"],), name="communes", daemon=True
        ).start()

    def stop(self) -> None:
        """Nothing is left to stop."""

    def find_empty(self, subject: str, given: Mapping[str, str]) -> list[str]:
        """Name the fields whose text says nothing: an empty name, a date that is none."""
        return [
            name
            for name, written in given.items()
            if not self._model.kind_of(subject, name)
            .read(pa.array([written], pa.string()), HERE)
            .is_known[0]
        ]

    def find_keys(
        self, session: Session, dataset: str, given: Mapping[str, str], *, most: int, least: float
    ) -> tuple[Sequence[str], int]:
        """Name the records that may be meant, best first, and the change that the index has.

        Raises:
            NotLearned: the dataset has no index, or it is being filled.
        """
        columns = {name: pa.array([written], pa.string()) for name, written in given.items()}
        found = self._lookup.find(session, dataset, columns, most=most, least=least)
        return found.key, found.change

    def weigh_records(
        self,
        session: Session,
        dataset: str,
        given: Mapping[str, str],
        records: Mapping[str, Mapping[str, Any]],
    ) -> dict[str, Evidence]:
        """Compare what is given with what records say now."""
        said = [sources.say(dataset, record) for record in records.values()]
        weighed = self._lookup.weigh(session, dataset, given, said)
        return {key: _evidence(one) for key, one in zip(records, weighed, strict=True)}


def _evidence(weighed: Weighed) -> Evidence:
    apart = dict.fromkeys((explanation.PRIOR, explanation.DEPENDENCE, explanation.RELATIVES), 0.0)
    apart |= {part.field: part.bits for part in weighed.parts if part.field in apart}
    return Evidence(
        weight=weighed.weight,
        probability=weighed.probability,
        prior=apart[explanation.PRIOR],
        dependence=apart[explanation.DEPENDENCE] + apart[explanation.RELATIVES],
        fields=tuple(
            Likeness(
                part.field,
                _NOT_KNOWN if part.level == explanation.UNKNOWN else part.level,
                part.bits,
            )
            for part in weighed.parts
            if part.field not in apart
        ),
    )
