"""Walks through all persons: which tables a record of a citizen is made of."""

from databases.walks import Part, make_walk
from population import tables

_kin = tables.kinship.alias("kin")
_own = tables.household_member.alias("own")
_relative = tables.person.alias("relative")
_member = tables.household_member.alias("member")

# A cancelled number finds its bearer: it is walked as a number of its own.
walk_persons = make_walk(
    [
        Part(tables.person, tables.person.c.pin),
        Part(tables.pin_alias, tables.pin_alias.c.old_pin),
    ],
    [
        Part(tables.residence, tables.residence.c.pin),
        Part(tables.identity_card, tables.identity_card.c.pin),
        Part(tables.household_member, tables.household_member.c.pin),
        Part(tables.kinship, tables.kinship.c.pin),
        # Relatives and members of the household stand in the record by name.
        Part(
            _relative,
            _kin.c.pin,
            joined=_kin.join(_relative, _relative.c.pin == _kin.c.relative_pin),
        ),
        Part(
            _member,
            _own.c.pin,
            joined=_own.join(_member, _member.c.household_id == _own.c.household_id),
        ),
    ],
)
