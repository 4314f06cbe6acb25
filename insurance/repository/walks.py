"""Walks through participants and employers: which tables their records are made of."""

from databases.walks import Part, make_walk
from insurance import tables

_alias = Part(tables.book_alias, tables.book_alias.c.new_no)
_participant = Part(tables.participant, tables.participant.c.participant_no)

walk_participants = make_walk(
    [_participant],
    [
        _alias,
        *(
            Part(table, table.c.participant_no)
            for table in (tables.health_card, tables.household_cover, tables.benefit)
        ),
    ],
)
walk_contributions = make_walk(
    [_participant],
    [
        _alias,
        *(
            Part(table, table.c.participant_no)
            for table in (tables.spell, tables.contribution, tables.benefit)
        ),
    ],
)
walk_employers = make_walk([Part(tables.employer, tables.employer.c.unit_code)])
