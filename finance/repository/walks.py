"""Walks through taxpayers and public assets: which tables their records are made of."""

from databases.walks import Part, make_walk
from finance import tables

walk_taxpayers = make_walk(
    [Part(tables.taxpayer, tables.taxpayer.c.taxpayer_code)],
    [
        Part(table, table.c.taxpayer_code)
        for table in (tables.taxpayer_alias, tables.tax_duty, tables.tax_payment)
    ],
)
walk_assets = make_walk([Part(tables.public_asset, tables.public_asset.c.asset_code)])
