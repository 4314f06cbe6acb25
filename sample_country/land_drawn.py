"""What the frames of the land register share: the parcels as they were drawn, and their names."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sample_country import columns, draws
from sample_country.columns import Column, Frame
from sample_country.country import Country
from sample_country.draws import Flags, Numbers
from sample_country.parcel_shapes import Shapes


@dataclass(frozen=True)
class Land:
    """The parcels of the country in the order of its estates.

    Args:
        parcel, right: name of each parcel and of the right to it.
        has_house: whether a house stands on it that is registered too.
    """

    drawn: Country
    shapes: Shapes
    parcel: Column
    right: Column
    legal_area_m2: draws.Shares
    has_house: Flags

    @property
    def with_house(self) -> Numbers:
        """Number the parcels that have a house."""
        return np.flatnonzero(self.has_house)

    @property
    def house(self) -> Column:
        """Name the houses, in the order of their parcels."""
        return numbered("NO", len(self.has_house)).take(pa.array(self.with_house))

    @property
    def house_right(self) -> Column:
        """Name the ownership of each house."""
        return pc.replace_substring(self.right.take(pa.array(self.with_house)), "QD", "SH")


def numbered(prefix: str, count: int) -> Column:
    """Name rows by a prefix and their number; of parcels as `estates.parcel_id` does."""
    number = columns.digits(np.arange(count) + 1, 10)
    return pc.binary_join_element_wise(columns.same(prefix, count), number, "")


def always(frame: Frame, since: Numbers) -> Frame:
    """Let each row hold from its day on without end."""
    return columns.with_period(frame, since, since, np.ones(len(since), dtype=np.bool_))
