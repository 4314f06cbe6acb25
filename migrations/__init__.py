"""Migrations: one environment, a folder of revisions per database, SQL assets that they share."""
