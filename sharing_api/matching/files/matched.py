"""A matching that is done: what was read, compared and found."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sharing_api.matching.engines import Linked, Source
from sharing_api.matching.evaluation import Evaluation, Score
from sharing_api.matching.files.tables import Table
from sharing_api.matching.linkage import Linkage
from sharing_api.matching.model import Model


@dataclass(frozen=True)
class Matched:
    """A matching that is done, with all that the report shows.

    Args:
        files: the tables, left first.
        against_register: whether the right one is a register.
        source: the records that were compared.
        linked: what came of it.
        judged: against the truth, where it is known.
        judged_apart: subgroup → the same for its members.
        labelled: of the pairs that somebody labelled, if any were.
        rejected: rows that could not be read.
    """

    files: Sequence[Table]
    against_register: bool
    model: Model
    source: Source
    linked: Linked
    judged: Evaluation | None
    judged_apart: Mapping[str, Evaluation]
    labelled: Score | None
    rejected: int

    @property
    def found(self) -> Linkage:
        """Pairs, weights and groups."""
        return self.linked.found

    @property
    def summary(self) -> dict[str, Any]:
        """Say in numbers what was read, compared and found."""
        decision = self.model.decision
        probability = self.found.probabilities
        _, sizes = np.unique(self.found.groups, return_counts=True)
        return {
            "files": [table.title for table in self.files],
            "records": [table.count for table in self.files],
            "rejected": self.rejected,
            "model": self.model.version,
            "fields": {name: kind.name for name, kind in self.linked.kinds.items()},
            "rules": [" and ".join(rule) for rule in self.found.rules],
            "compared": self.found.compared,
            "expected_pairs": round(self.found.weights.prior * self.source.possible_pairs, 1),
            "pairs": int((probability >= decision.link).sum()),
            "automatic": int((probability >= decision.automatic).sum()),
            "to_review": int(
                ((probability < decision.automatic) & (probability >= decision.link)).sum()
            ),
            "thresholds": asdict(decision),
            "groups": int((sizes > 1).sum()),
            "largest_group": int(sizes.max(initial=0)),
        }
