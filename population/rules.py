"""The law of the population register: pure decisions on values."""

from collections.abc import Iterable, Sequence
from datetime import date

from databases import periods
from databases.errors import FieldProblem
from databases.identifiers import Pin, Sex
from databases.periods import PartialDate
from population import errors, legal
from population.values import (
    AliasReason,
    HouseholdPeriod,
    LossKind,
    MaritalStatus,
    MergeDecision,
    PersonName,
    PersonState,
    RelationToHead,
    ResidenceKind,
)


def age_on(birth: PartialDate, on: date) -> int:
    """Count the whole years that a person has certainly completed.

    A date known to the month or year is read as its last day, so that nobody is taken for older
    than they may be; never below zero.

    Source:
        Civil Code 91/2015/QH13, art. 20 (age counted in full years); reading an unknown day as the
        last one is ours, no source was found.
    """
    return max(0, periods.full_years(birth.latest, on))


def is_adult(birth: PartialDate, on: date) -> bool | None:
    """Test whether a person has reached majority; None where the date of birth leaves it open.

    Source:
        Civil Code 91/2015/QH13, art. 20, cl. 1; in force from 01/01/2017.
    """
    if age_on(birth, on) >= legal.AGE_OF_MAJORITY.value:
        return True
    possible = periods.full_years(birth.earliest, on)
    return None if possible >= legal.AGE_OF_MAJORITY.value else False


def require_pin_fits(pin: Pin, *, birth: PartialDate, sex: Sex) -> None:
    """Refuse a number whose year of birth or sex is not that of the record.

    Raises:
        PinContradictsRecord: `fields` says which digits disagree.

    Source:
        Decree 137/2015/NĐ-CP art. 13; Circular 07/2016/TT-BCA art. 7.
    """
    warnings = list_pin_warnings(pin, birth=birth, sex=sex)
    problems = [warning for warning in warnings if warning.rule != "pin.origin"]
    if problems:
        raise errors.PinContradictsRecord(
            "The number and the record disagree; check both against the certificate.",
            fields=problems,
        )


def list_pin_warnings(pin: Pin, *, birth: PartialDate, sex: Sex) -> tuple[FieldProblem, ...]:
    """List the doubts about a number: used where old data is loaded and must not be lost.

    Source:
        Decree 137/2015/NĐ-CP art. 13; Circular 07/2016/TT-BCA art. 7 and annex 1. That country
        codes start above 100 is recalled only and therefore never refuses.
    """
    warnings = []
    if pin.birth_year != birth.earliest.year:
        message = "Digits 4-6 say another year of birth."
        warnings.append(FieldProblem("date_of_birth", "pin.birth_year", message))
    if sex is not Sex.UNKNOWN and pin.sex is not sex:
        warnings.append(FieldProblem("sex", "pin.sex", "Digit 4 says another sex."))
    if pin.origin_code not in legal.PROVINCE_ORIGINS:
        abroad = int(pin.origin_code) >= legal.FIRST_COUNTRY_ORIGIN
        message = (
            "Digits 1-3 are a country code that could not be verified."
            if abroad
            else "Digits 1-3 are assigned to no province."
        )
        warnings.append(FieldProblem("pin", "pin.origin", message))
    return tuple(warnings)


def require_name(name: PersonName) -> None:
    """Refuse a person without a name, or a name whose parts are not those of the full text.

    Raises:
        NameMissing: the full name is empty or has other words than its parts.

    Source:
        Law on Identity 26/2023/QH15, art. 9, item 1: the name of birth is recorded.
    """
    words = name.full.split()
    parts = " ".join((name.family, name.middle, name.given)).split()
    if not words or sorted(words) != sorted(parts):
        raise errors.NameMissing("Give the full name and its parts, word for word the same.")


def require_birth_before(birth: PartialDate, on: date) -> None:
    """Refuse a birth after the day of registration.

    Raises:
        ImpossibleBirth: the earliest day of birth lies after `on`.

    Source:
        Follows from registering what has happened; no article of its own.
    """
    if birth.earliest > on:
        raise errors.ImpossibleBirth("A birth is registered on or after its day.")


def require_alive(person: PersonState, on: date) -> None:
    """Refuse an act on a person who is dead on its day.

    The day of death itself still counts as lived; a missing person may act when they return, so a
    declaration of missing does not refuse.

    Raises:
        PersonNotAlive: the person died before `on`.

    Source:
        Civil Code 91/2015/QH13, art. 16, cl. 3: legal capacity ends with death.
    """
    loss = person.loss
    if loss is not None and loss.kind is LossKind.DEAD and loss.happened.latest < on:
        raise errors.PersonNotAlive("The person is registered as dead before the day of the act.")


def require_possible_death(birth: PartialDate, happened: PartialDate, on: date) -> None:
    """Refuse a death or disappearance before birth or after the day of registration.

    Raises:
        ImpossibleDeath: the days do not fit.

    Source:
        Follows from registering what has happened; no article of its own.
    """
    if happened.latest < birth.earliest or happened.earliest > on:
        raise errors.ImpossibleDeath("A death lies after the birth and before its registration.")


def require_marriage_allowed(first: PersonState, second: PersonState, on: date) -> None:
    """Refuse a marriage that the law does not allow between two persons.

    Raises:
        ForbiddenMarriage: the two are one person, or of the same sex.
        NotOldEnoughToMarry: the man is under 20 or the woman under 18 on the day.
        AlreadyMarried: one of them is married on the day.

    Source:
        Law on Marriage and Family 52/2014/QH13, art. 8, cl. 1, pt. a (age), cl. 2 (same sex),
        art. 5, cl. 2, pt. c (monogamy); in force from 01/01/2015.
    """
    if first.pin == second.pin or {first.sex, second.sex} != {Sex.MALE, Sex.FEMALE}:
        raise errors.ForbiddenMarriage("A marriage joins a man and a woman.")
    for person in (first, second):
        needed = legal.MARRIAGE_AGE_MALE if person.sex is Sex.MALE else legal.MARRIAGE_AGE_FEMALE
        if age_on(person.birth, on) < needed.value:
            raise errors.NotOldEnoughToMarry("Men marry from 20, women from 18 full years.")
        if person.spouse_pin is not None or person.marital_status is MaritalStatus.MARRIED:
            raise errors.AlreadyMarried("End the earlier marriage first.")


def require_not_close_kin(first_kin: Iterable[str], second: str) -> None:
    """Refuse a marriage between parent and child or between brother and sister.

    Args:
        first_kin: numbers of parents, children and children of the parents of one person.
        second: number of the other person.

    Raises:
        ForbiddenMarriage: the other person is among them.

    Source:
        Law on Marriage and Family 52/2014/QH13, art. 5, cl. 2, pt. d. The article reaches to three
        generations; the register knows one step up and down, so a pass here is no proof.
    """
    if second in set(first_kin):
        raise errors.ForbiddenMarriage("Close relatives do not marry.")


def require_married_to_each_other(first: PersonState, second: PersonState) -> None:
    """Refuse a divorce without a marriage.

    Raises:
        NotMarried: the two are not each other's spouse.

    Source:
        Law on Marriage and Family 52/2014/QH13, art. 3, cl. 14: divorce ends a marriage.
    """
    if first.spouse_pin != second.pin or second.spouse_pin != first.pin:
        raise errors.NotMarried("These two are not registered as married to each other.")


def require_temporary_term(start: date, last_day: date) -> None:
    """Refuse a temporary residence over two years at once, or one that ends before it starts.

    Args:
        start: first day.
        last_day: last day, inclusive.

    Raises:
        TemporaryResidenceTooLong: the last day is later than the day before the second anniversary,
            or before the first day.

    Source:
        Law on Residence 68/2020/QH14, art. 27, cl. 2: at most 2 years, renewable; from 01/07/2021.
    """
    too_late = periods.anniversary(start, legal.TEMPORARY_RESIDENCE_AT_MOST.value)
    if not start <= last_day < too_late:
        raise errors.TemporaryResidenceTooLong("Register at most two years and renew in time.")


def require_temporary_elsewhere(
    permanent: tuple[str, str] | None, temporary: tuple[str | None, str | None]
) -> None:
    """Refuse temporary residence in the commune of permanent residence.

    Args:
        permanent: version and code of the commune of permanent residence; None if there is none.
        temporary: the same of the temporary residence.

    Raises:
        TemporaryResidenceNotElsewhere: both are the same commune of the same lists. Codes of
            different lists are not compared: that would be a guess.

    Source:
        Law on Residence 68/2020/QH14, art. 27, cl. 1; in force from 01/07/2021.
    """
    if permanent is not None and permanent == temporary:
        raise errors.TemporaryResidenceNotElsewhere(
            "Temporary residence lies outside the commune of permanent residence."
        )


def require_one_head(members: Sequence[HouseholdPeriod]) -> None:
    """Refuse a household that on some day has members but no head, or two heads.

    Args:
        members: all memberships of one household, periods half-open.

    Raises:
        OneHeadNeeded: on some day the number of heads is not one.

    Source:
        Law on Residence 68/2020/QH14, art. 10, cl. 1–2; in force from 01/07/2021.
    """
    days = {p.start for p in members} | {p.end for p in members if p.end is not None}
    for day in sorted(days):
        there = [p for p in members if p.start <= day and (p.end is None or day < p.end)]
        heads = [p for p in there if p.member.relation is RelationToHead.HEAD]
        if there and len(heads) != 1:
            raise errors.OneHeadNeeded("Name one head among the members who remain.")


def require_parent_older(parent: PartialDate, child: PartialDate) -> None:
    """Refuse a parent who certainly was not born before the child.

    Raises:
        ImpossibleKinship: the earliest day of the parent's birth is not before the last of the
            child's.

    Source:
        Follows from nature; no article of its own.
    """
    if parent.earliest >= child.latest:
        raise errors.ImpossibleKinship("A parent is born before the child.")


def require_ground_for_new_number(
    reason: AliasReason, *, year_changes: bool, sex_changes: bool
) -> None:
    """Refuse a new number for a person of whom neither year of birth nor sex changes.

    Args:
        reason: ground that is given.
        year_changes: whether the year of birth is another one afterwards.
        sex_changes: whether the sex is another one afterwards.

    Raises:
        NoGroundForNewNumber: the ground given does not hold. A wrong entry is a ground of itself.

    Source:
        Circular 59/2021/TT-BCA art. 6; continued by Decree 70/2024/NĐ-CP.
    """
    holds = {
        AliasReason.BIRTH_YEAR_CORRECTED: year_changes,
        AliasReason.SEX_REDETERMINED: sex_changes,
        AliasReason.ENTRY_ERROR: True,
    }
    if not holds[reason]:
        raise errors.NoGroundForNewNumber("Name what changes: the year of birth or the sex.")


def require_two_reviewers(decision: MergeDecision) -> None:
    """Refuse a merge of persons that fewer than two officers have decided.

    Raises:
        SecondReviewerNeeded: a reviewer, the reference or the evidence is missing, or one officer
            stands for both.

    Source:
        Ours: no text was found that sets who may merge records. That a wrong number is cancelled
        by decision: Decree 70/2024/NĐ-CP.
    """
    parts = (decision.reference, decision.evidence, decision.first_reviewer)
    reviewers = {one.strip().casefold() for one in (parts[2], decision.second_reviewer)}
    if "" in reviewers or len(reviewers) < 2 or not all(part.strip() for part in parts):
        raise errors.SecondReviewerNeeded(
            "Name the decision, its evidence, and two different officers who took it."
        )


def require_mergeable(surviving: PersonState, absorbed: PersonState) -> None:
    """Refuse to merge two records that cannot be of one person as they stand.

    Raises:
        OnePersonAlready: both numbers are of one record.
        MergeContradicted: one is dead or missing and the other is not, or not since the same day;
            or they are married to different persons. `fields` says what.

    Source:
        Ours: what is said of one person may not exclude itself. Monogamy: Law on Marriage and
        Family 52/2014/QH13, art. 5, cl. 2, pt. c.
    """
    if surviving.pin == absorbed.pin:
        raise errors.OnePersonAlready("Both numbers are of one record already.")
    problems = []
    if surviving.loss != absorbed.loss:
        message = "Only one of the records is dead or missing, or they are so since different days."
        problems.append(FieldProblem("loss", "merge.loss_differs", message))
    spouses = {surviving.spouse_pin, absorbed.spouse_pin} - {None}
    if len(spouses) > 1:
        message = "The records are married to different persons."
        problems.append(FieldProblem("spouse", "merge.spouse_differs", message))
    if surviving.pin in spouses or absorbed.pin in spouses:
        message = "The records are married to each other."
        problems.append(FieldProblem("spouse", "merge.own_spouse", message))
    if problems:
        raise errors.MergeContradicted(
            "Correct one of the records first: they contradict each other.", fields=problems
        )


def require_term(kind: ResidenceKind, last_day: date | None) -> None:
    """Refuse a temporary residence without a last day, and any other with one.

    Raises:
        TermMissing: the last day is missing or too much.

    Source:
        Law on Residence 68/2020/QH14, art. 27, cl. 2 (temporary residence has a term).
    """
    if (kind is ResidenceKind.TEMPORARY) != (last_day is not None):
        raise errors.TermMissing("Give the last day of a temporary residence, and of no other.")
