"""The names of the firms: legal form, trade and a proper name, as their offices write them."""

import numpy as np
import pyarrow.compute as pc

from sample_country import columns, draws
from sample_country.columns import Column
from sample_country.firms import Firms


def draw(rng: np.random.Generator, all_firms: Firms) -> Column:
    """Draw the names of all firms; some firms share one, as they do in the world."""
    words = draws.read_words("firm_words.toml")
    count = all_firms.count
    form = columns.words([f["name"] for f in words["forms"].values()], all_firms.legal_type)
    trade = columns.words([trade["words"] for trade in words["trades"]], all_firms.trade)
    proper = [
        f"{first} {second}".upper()
        for first in words["proper_first"]
        for second in words["proper_second"]
        if first != second
    ]
    own = columns.words(list(proper), rng.integers(0, len(proper), count))
    return pc.binary_join_element_wise(form, trade, own, " ")
