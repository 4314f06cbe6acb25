"""What may be done to the population register: each act is one change; nothing commits here.

Every act takes the session of a writing transaction and an `Act` that says who records it, when and
why. It gives back what it left in the register, or raises a named refusal.
"""

from population.service import (
    annulments,
    households,
    kinships,
    losses,
    marriages,
    merges,
    numbers,
    persons,
    residences,
)

register_person = persons.register_person
register_birth = persons.register_birth
register_identity_card = persons.register_identity_card
correct_item = persons.correct_item
register_relative = kinships.register_relative
register_residence = residences.register_residence
correct_residence = residences.correct_residence
close_residence = residences.close_residence
register_household = households.register_household
amend_household = households.amend_household
register_marriage = marriages.register_marriage
register_divorce = marriages.register_divorce
merge_persons = merges.merge_persons
unmerge_persons = merges.unmerge_persons
list_acts_since_merge = merges.list_acts_since_merge
reestablish_number = numbers.reestablish_number
register_death = losses.register_death
register_missing = losses.register_missing
close_missing = losses.close_missing
annul_change = annulments.annul_change

__all__ = [
    "amend_household",
    "annul_change",
    "close_missing",
    "close_residence",
    "correct_item",
    "correct_residence",
    "list_acts_since_merge",
    "merge_persons",
    "reestablish_number",
    "register_birth",
    "register_death",
    "register_divorce",
    "register_household",
    "register_identity_card",
    "register_marriage",
    "register_missing",
    "register_person",
    "register_relative",
    "register_residence",
    "unmerge_persons",
]
