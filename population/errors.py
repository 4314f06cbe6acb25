"""The named refusals of the population register; each is one of the five kinds."""

from databases import errors


class PersonNotFound(errors.NotFound):
    """No person has that number, now or formerly."""

    code = "population.person_not_found"


class HouseholdNotFound(errors.NotFound):
    """No household has that number on that day."""

    code = "population.household_not_found"


class PersonAlreadyRegistered(errors.Conflict):
    """The number belongs to a person already."""

    code = "population.person_already_registered"


class PinWasCancelled(errors.Conflict):
    """The number was cancelled; it never returns."""

    code = "population.pin_was_cancelled"


class PinContradictsRecord(errors.Invalid):
    """The number says another year of birth or another sex than the record."""

    code = "population.pin_contradicts_record"


class ImpossibleBirth(errors.Invalid):
    """The birth lies after the day on which it is registered."""

    code = "population.impossible_birth"


class NameMissing(errors.Invalid):
    """A person is registered under a name."""

    code = "population.name_missing"


class PersonNotAlive(errors.Conflict):
    """The person is dead on the day of the act; the dead do not act."""

    code = "population.person_not_alive"


class PersonNotMissing(errors.Conflict):
    """The person is not registered as missing."""

    code = "population.person_not_missing"


class ImpossibleDeath(errors.Invalid):
    """The death lies before the birth or after the day on which it is registered."""

    code = "population.impossible_death"


class NotOldEnoughToMarry(errors.Refused):
    """A person has not reached the age of marriage."""

    code = "population.not_old_enough_to_marry"


class AlreadyMarried(errors.Refused):
    """A person is married on the day of the marriage."""

    code = "population.already_married"


class ForbiddenMarriage(errors.Refused):
    """The law forbids this marriage: same person, same sex, direct line or brother and sister."""

    code = "population.forbidden_marriage"


class NotMarried(errors.Conflict):
    """The two persons are not married to each other on the day of the divorce."""

    code = "population.not_married"


class TemporaryResidenceTooLong(errors.Refused):
    """Temporary residence is registered for longer than the law allows at once."""

    code = "population.temporary_residence_too_long"


class TemporaryResidenceNotElsewhere(errors.Refused):
    """Temporary residence is registered in the commune of permanent residence."""

    code = "population.temporary_residence_not_elsewhere"


class OneHeadNeeded(errors.Conflict):
    """After the act a household would have no head, or more than one, on some day."""

    code = "population.one_head_needed"


class ImpossibleKinship(errors.Invalid):
    """A parent is not older than the child, or a person is a relative of themselves."""

    code = "population.impossible_kinship"


class ItemNotCorrectable(errors.Invalid):
    """An item is unknown or is changed by an act of its own."""

    code = "population.item_not_correctable"


class NothingToCorrect(errors.Conflict):
    """The register holds no version on the days that the correction names."""

    code = "population.nothing_to_correct"


class NoGroundForNewNumber(errors.Refused):
    """A number is cancelled only if sex or year of birth change, or the entry was wrong."""

    code = "population.no_ground_for_new_number"


class LaterActRecorded(errors.Conflict):
    """The act would undo what is registered from a later day on: annul or correct that first."""

    code = "population.later_act_recorded"


class HouseholdAlreadyRegistered(errors.Conflict):
    """The number belongs to a household already."""

    code = "population.household_already_registered"


class MemberTwice(errors.Invalid):
    """A person is named twice in one list of members."""

    code = "population.member_twice"


class TermMissing(errors.Invalid):
    """A temporary residence is registered with its last day, others without one."""

    code = "population.term_missing"


class SecondReviewerNeeded(errors.Refused):
    """Two records of persons are merged, or parted, when two different officers have decided it."""

    code = "population.second_reviewer_needed"


class OnePersonAlready(errors.Conflict):
    """Both numbers lead to the same record."""

    code = "population.one_person_already"


class MergeContradicted(errors.Conflict):
    """The two records say what cannot be true of one person; correct one of them first."""

    code = "population.merge_contradicted"


class NotMerged(errors.NotFound):
    """No merge stands under that number."""

    code = "population.not_merged"


class UnmergeNeedsDecision(errors.Conflict):
    """Acts since the merge concern the merged person: whose they are, somebody must decide."""

    code = "population.unmerge_needs_decision"
