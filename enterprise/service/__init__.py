"""What may be done to the enterprise register: each act is one change; nothing commits here.

Every act takes the session of a writing transaction and an `Act` that says who records it, when and
why. It gives back what it left in the register, or raises a named refusal.
"""

from enterprise.service import annulments, loading, registration, reorganisation, standing, units

annul_change = annulments.annul_change
register_enterprise = registration.register_enterprise
amend_enterprise = registration.amend_enterprise
correct_enterprise = registration.correct_enterprise
annul_enterprise = registration.annul_enterprise
register_suspension = standing.register_suspension
close_suspension = standing.close_suspension
register_absence_from_address = standing.register_absence_from_address
close_absence_from_address = standing.close_absence_from_address
register_revocation = standing.register_revocation
close_revocation = standing.close_revocation
register_winding_up = standing.register_winding_up
close_winding_up = standing.close_winding_up
register_bankruptcy_proceedings = standing.register_bankruptcy_proceedings
register_end = standing.register_end
register_reorganisation = reorganisation.register_reorganisation
register_dependent_unit = units.register_dependent_unit
close_dependent_unit = units.close_dependent_unit
STAGING_COLUMNS = loading.STAGING_COLUMNS
load_staged = loading.load_staged
iterate_outcomes = loading.iterate_outcomes

__all__ = [
    "STAGING_COLUMNS",
    "amend_enterprise",
    "annul_change",
    "annul_enterprise",
    "close_absence_from_address",
    "close_dependent_unit",
    "close_revocation",
    "close_suspension",
    "close_winding_up",
    "correct_enterprise",
    "iterate_outcomes",
    "load_staged",
    "register_absence_from_address",
    "register_bankruptcy_proceedings",
    "register_dependent_unit",
    "register_end",
    "register_enterprise",
    "register_reorganisation",
    "register_revocation",
    "register_suspension",
    "register_winding_up",
]
