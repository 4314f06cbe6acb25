"""Walks through all enterprises: which tables a record is made of."""

from databases.walks import Part, make_walk
from enterprise import tables

_OWN = (
    tables.industry_line,
    tables.legal_representative,
    tables.ownership,
    tables.control,
    tables.status_period,
    tables.dependent_unit,
    tables.succession,
)

# Beneficial owners follow from the owners of other enterprises too: a walk of what changed does not
# find those, so it is no way to keep them up to date.
walk_enterprises = make_walk(
    [Part(tables.enterprise, tables.enterprise.c.enterprise_code)],
    [
        *(Part(table, table.c.enterprise_code) for table in _OWN),
        Part(tables.succession, tables.succession.c.successor_code),
    ],
)
