"""Dated code lists with succession: a code is identified by list, version and code, never alone.

`reading.load_catalogue` reads the lists from package data, `catalogue.Catalogue` answers questions
in memory, `tables` and `repository` carry the same lists into every database, and `addresses`
resolves written addresses to communes.
"""
