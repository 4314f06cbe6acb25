"""Vector tiles: a request for a tile is a look-up; its granted layers follow each other."""

import base64

from databases.datasets import Dataset
from databases.errors import RegisterError
from sharing_api.disclosure import catalogue
from sharing_api.disclosure.inquiry import Inquiry
from sharing_api.disclosure.request import Asked
from sharing_api.protocols.dialects import Incoming
from sharing_api.protocols.features import parameters, problems, resources
from sharing_api.protocols.features.resources import Collection

PARAMETERS = {"datetime": "day for which the tile is to hold; today if left out"}


class Tile:
    """The form of an answer with a tile, and what reads the request for it."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection

    @property
    def _dataset(self) -> Dataset:
        return catalogue.DATASETS[self.collection.tiles]

    def read(self, incoming: Incoming, key: str) -> Asked:
        """Read a request for a tile.

        Args:
            key: zoom, row and column.

        Raises:
            InvalidParameter: a parameter cannot be read.
        """
        query = parameters.read_query(incoming.http, PARAMETERS)
        granted = incoming.granted_fields(self.collection.tiles)
        return Asked(
            dataset=self.collection.tiles,
            operation="look-up",
            fields=granted or (self._dataset.key,),
            purpose="",
            legal_basis="",
            keys=(key,),
            valid_on=parameters.read_day(query.get("datetime")),
        )

    def write(self, inquiry: Inquiry) -> tuple[str, bytes]:
        """Write the layers one after the other: so they make one tile."""
        record = next(iter(inquiry.records.values()))
        layers = (record[name] for name in inquiry.question.fields if name != self._dataset.key)
        return resources.TILE, b"".join(base64.b64decode(layer or "") for layer in layers)

    def write_problem(self, error: RegisterError, *, instance: str) -> tuple[int, str, bytes]:
        """Write a refusal as OGC API does."""
        return problems.write(error, instance=instance)
