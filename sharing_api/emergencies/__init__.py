"""Emergencies: answers outside the usual agreements, told at once and reviewed in time, or else.

Two agencies sign an agreement of its own for them, whose purpose is `emergency`; without one there
is no access. It is suspended when a review is missed (docs/adr/0050).
"""
