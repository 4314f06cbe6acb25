"""The named refusals of the insurance register."""

from databases import errors


class ParticipantNotFound(errors.NotFound):
    """No participant has this number on the day."""

    code = "insurance.participant_not_found"


class ParticipantAlreadyRegistered(errors.Conflict):
    """The number was given before, or the personal number belongs to another participant."""

    code = "insurance.participant_already_registered"


class ParticipantDead(errors.Refused):
    """The participant is registered as dead before the day of the act."""

    code = "insurance.participant_dead"


class BookMerged(errors.Conflict):
    """The book was merged into another; record under the number that stands."""

    code = "insurance.book_merged"


class BooksNotMergeable(errors.Conflict):
    """The two books cannot be merged as they stand."""

    code = "insurance.books_not_mergeable"


class MalformedNumber(errors.Invalid):
    """A number of participant, card, facility or unit does not have its form."""

    code = "insurance.malformed_number"


class IncompleteParticipant(errors.Invalid):
    """A participant lacks what every record holds, or a name is no detail of a participant."""

    code = "insurance.incomplete_participant"


class SpellOverlaps(errors.Conflict):
    """The participant is already insured under this scheme on some of the days."""

    code = "insurance.spell_overlaps"


class SpellNotFound(errors.NotFound):
    """No spell of this scheme and unit is registered on the day."""

    code = "insurance.spell_not_found"


class SalaryOutsideBounds(errors.Invalid):
    """The salary is below the floor or above the cap of the law of the day."""

    code = "insurance.salary_outside_bounds"


class WrongTerms(errors.Invalid):
    """The terms of a spell, or the group of a card, are none that exist."""

    code = "insurance.wrong_terms"


class WrongContribution(errors.Invalid):
    """Contributions are recorded for whole months, of which each is paid once in a scheme."""

    code = "insurance.wrong_contribution"


class MonthAlreadyPaid(errors.Conflict):
    """A month of the scheme is recorded as paid already."""

    code = "insurance.month_already_paid"


class CardContradictsParticipant(errors.Invalid):
    """The code of a card is not that of its holder or its group."""

    code = "insurance.card_contradicts_participant"


class CardFormNotIssued(errors.Invalid):
    """Cards of this form were not issued on the day."""

    code = "insurance.card_form_not_issued"


class CardAlreadyIssued(errors.Conflict):
    """The card holds already on some of the days."""

    code = "insurance.card_already_issued"


class CardNotFound(errors.NotFound):
    """No card of this code is registered on the day."""

    code = "insurance.card_not_found"


class WrongHousehold(errors.Invalid):
    """The members of a household's cover are not each one person, once."""

    code = "insurance.wrong_household"


class AlreadyCovered(errors.Conflict):
    """A member has household cover on some of the days, or the position is taken."""

    code = "insurance.already_covered"


class FacilityNotFound(errors.NotFound):
    """No facility of this code is registered on the day."""

    code = "insurance.facility_not_found"


class EmployerNotFound(errors.NotFound):
    """No employer of this unit code is registered on the day."""

    code = "insurance.employer_not_found"


class BodyAlreadyRegistered(errors.Conflict):
    """The code of the facility or employer was given before."""

    code = "insurance.body_already_registered"


class BenefitAlreadyDecided(errors.Conflict):
    """A decision of this number holds already on some of the days."""

    code = "insurance.benefit_already_decided"


class BenefitNotFound(errors.NotFound):
    """No benefit decision of this number is registered on the day."""

    code = "insurance.benefit_not_found"


class WrongBenefit(errors.Invalid):
    """A benefit decision lacks an amount above zero."""

    code = "insurance.wrong_benefit"


class ImpossibleDeath(errors.Invalid):
    """A death lies after the birth and not after its registration."""

    code = "insurance.impossible_death"
