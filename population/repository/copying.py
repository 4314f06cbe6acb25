"""The order of columns in which rows are copied into the tables of the register.

A load copies into the tables (or into a staging table and from there) inside a transaction that has
opened a change; `to_change` is left out because a new version stands.
"""

from collections.abc import Mapping

from population import tables

COLUMNS: Mapping[str, tuple[str, ...]] = {
    table.name: tuple(column.name for column in table.columns if column.name != "to_change")
    for table in tables.VERSIONED
}

PERSON = COLUMNS["person"]
RESIDENCE = COLUMNS["residence"]
HOUSEHOLD = COLUMNS["household"]
HOUSEHOLD_MEMBER = COLUMNS["household_member"]
KINSHIP = COLUMNS["kinship"]
IDENTITY_CARD = COLUMNS["identity_card"]
PIN_ALIAS = COLUMNS["pin_alias"]
