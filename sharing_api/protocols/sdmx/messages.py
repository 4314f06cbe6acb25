"""What a data message holds, whatever its form: observations as texts by component. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Literal

from sharing_api.protocols.sdmx.structures import Flow

TIME = "TIME_PERIOD"
ALL_DIMENSIONS = "AllDimensions"
Layout = Literal["TIME_PERIOD", "AllDimensions"]
Detail = Literal["full", "dataonly", "serieskeysonly", "nodata"]
Observation = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DataSet:
    """Observations that were published together.

    Args:
        observations: component → value as text; a component without a value is absent. In the
            order of their series.
        set_id: which publication it is; empty where only the newest is given.
    """

    observations: Sequence[Observation]
    set_id: str = ""


@dataclass(frozen=True, slots=True)
class DataMessage:
    """A message with its header.

    Args:
        message_id: unique name of the message.
        layout: what stands at the observation: the time, or all dimensions.
        detail: what is told of each series.
    """

    flow: Flow
    message_id: str
    prepared: datetime
    sets: Sequence[DataSet]
    layout: Layout = "TIME_PERIOD"
    detail: Detail = "full"

    def series_of(self, data: DataSet) -> Iterator[tuple[Mapping[str, str], Iterable[Observation]]]:
        """Give the series of a data set: key and observations, by the detail asked for."""
        names = self.flow.structure.series_dimensions
        for key, found in groupby(data.observations, lambda one: [one[name] for name in names]):
            shown = found if self.detail in ("full", "dataonly") else ()
            yield dict(zip(names, key, strict=True)), shown

    def attributes_of(self, observation: Observation) -> Iterator[tuple[str, str]]:
        """Give the attributes of an observation, by the detail asked for."""
        if self.detail == "full":
            for name in self.flow.structure.attributes:
                if name in observation:
                    yield name, observation[name]
