"""What may be done to the insurance register: each act is one change; nothing commits here.

Every act takes the session of a writing transaction and an `Act` that says who records it, when and
why. It gives back what it left in the register, or raises a named refusal.
"""

from insurance.service import (
    annulments,
    benefits,
    bodies,
    cards,
    contributions,
    covers,
    loading,
    numbers,
    participants,
    spells,
)

annul_change = annulments.annul_change
register_participant = participants.register_participant
amend_participant = participants.amend_participant
correct_participant = participants.correct_participant
register_social_insurance_no = numbers.register_social_insurance_no
register_pin = numbers.register_pin
register_merger = numbers.register_merger
register_spell = spells.register_spell
amend_spell = spells.amend_spell
correct_spell = spells.correct_spell
close_spell = spells.close_spell
register_contributions = contributions.register_contributions
correct_contribution = contributions.correct_contribution
annul_contribution = contributions.annul_contribution
register_household_cover = covers.register_household_cover
close_household_cover = covers.close_household_cover
register_card = cards.register_card
register_replacement = cards.register_replacement
close_card = cards.close_card
register_benefit = benefits.register_benefit
close_benefit = benefits.close_benefit
register_death = benefits.register_death
register_facility = bodies.register_facility
close_facility = bodies.close_facility
register_employer = bodies.register_employer
amend_employer = bodies.amend_employer
close_employer = bodies.close_employer
STAGING_COLUMNS = loading.STAGING_COLUMNS
REFUSALS = loading.REFUSALS
load_staged = loading.load_staged

__all__ = [
    "REFUSALS",
    "STAGING_COLUMNS",
    "amend_employer",
    "amend_participant",
    "amend_spell",
    "annul_change",
    "annul_contribution",
    "close_benefit",
    "close_card",
    "close_employer",
    "close_facility",
    "close_household_cover",
    "close_spell",
    "correct_contribution",
    "correct_participant",
    "correct_spell",
    "load_staged",
    "register_benefit",
    "register_card",
    "register_contributions",
    "register_death",
    "register_employer",
    "register_facility",
    "register_household_cover",
    "register_merger",
    "register_participant",
    "register_pin",
    "register_replacement",
    "register_social_insurance_no",
    "register_spell",
]
