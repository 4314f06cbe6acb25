"""FHIR at the door: what a hospital's own tools ask about insurance, as FHIR 4.0.1 JSON.

A search or read is a look-up of the exchange, decided, minimised and logged like every other;
`routes.py` says which resource comes out of which dataset.
"""
