"""A correction to try: whose death may be notified late."""

from itertools import islice

import numpy as np

from sample_country import late_deaths, lives
from sample_country.country import Country
from sample_country.households import CHILD


class TestListPins:
    def test_lists_the_living_who_keep_no_household(self, drawn: Country) -> None:
        rows = np.isin(drawn.persons.pin, [int(pin) for pin in late_deaths.list_pins(drawn)])

        assert rows.any()
        assert set(drawn.persons.structure.role[rows]) == {CHILD}
        assert set(drawn.events.loss[rows]) == {lives.ALIVE}

    def test_begins_with_several_of_one_province(self, drawn: Country) -> None:
        first = [int(pin) for pin in islice(late_deaths.list_pins(drawn), 3)]

        rows = np.isin(drawn.persons.pin, first)
        homes = drawn.persons.home[drawn.persons.structure.household[rows]]
        assert len(set(drawn.places.commune_province[homes].tolist())) == 1
