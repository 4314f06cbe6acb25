"""All rules of the comparison, with what they judge and how sure they are.

A rule takes all that is said of a subject and the day of judging, and gives what it found. Rules
compare what registers say; they know no register's law but what the articles named say.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sharing_api.consistency.rules import identities, parcels, persons, units
from sharing_api.consistency.values import Bundle, Confidence, Found, Kind

Check = Callable[[Bundle, date], Iterable[Found]]
_CERTAIN, _LIKELY, _DOUBTFUL = Confidence.CERTAIN, Confidence.LIKELY, Confidence.DOUBTFUL


@dataclass(frozen=True)
class Rule:
    """One rule of the comparison.

    Args:
        name: register of the record that is most likely wrong, and what is wrong.
        kind: subjects that it judges.
        check: the rule itself; its docstring names the source.
        confidence: of what it finds, where it does not say otherwise.
        meaning: what is wrong, in words.
    """

    name: str
    kind: Kind
    check: Check
    confidence: Confidence
    meaning: str


# When a rule is added or decides otherwise, all subjects are judged again.
VERSION = 1
_PERSON, _FIRM, _PARCEL, _UNIT = Kind.PERSON, Kind.ENTERPRISE, Kind.PARCEL, Kind.UNIT
RULES: tuple[Rule, ...] = (
    Rule("enterprise.officer_dead", _PERSON, persons.officer_dead, _CERTAIN,
         "a representative or owner of a firm died"),
    Rule("enterprise.representative_minor", _PERSON, persons.representative_minor, _LIKELY,
         "a legal representative is not of age"),
    Rule("enterprise.officer_unknown", _PERSON, persons.officer_unknown, _CERTAIN,
         "nobody bears the number of a representative or owner, or not any more"),
    Rule("insurance.paid_after_death", _PERSON, persons.insured_after_death, _CERTAIN,
         "somebody died, and insurance goes on"),
    Rule("insurance.number_unknown", _PERSON, persons.insured_unknown, _CERTAIN,
         "nobody bears the number of a participant, or not any more"),
    Rule("insurance.birth_swapped", _PERSON, persons.birth_swapped, _LIKELY,
         "day and month of birth are swapped"),
    Rule("insurance.birth_differs", _PERSON, persons.birth_differs, _LIKELY,
         "the registers know different days of birth"),
    Rule("insurance.sex_differs", _PERSON, persons.sex_differs, _LIKELY,
         "the registers know different sexes"),
    Rule("finance.taxpayer_dead", _PERSON, persons.taxed_after_death, _CERTAIN,
         "a duty was assessed for a time after the taxpayer's death"),
    Rule("finance.taxpayer_unknown", _PERSON, persons.taxpayer_unknown, _CERTAIN,
         "nobody bears the number of a taxpayer, or not any more"),
    Rule("land.name_unaccented", _PERSON, persons.name_unaccented, _LIKELY,
         "the name of a holder is written without its signs"),
    Rule("land.name_differs", _PERSON, persons.name_differs, _DOUBTFUL,
         "a holder bears another name than the bearer of the number"),
    Rule("population.birth_against_number", _PERSON, persons.birth_against_number, _LIKELY,
         "the number says another year of birth"),
    Rule("population.sex_against_number", _PERSON, persons.sex_against_number, _LIKELY,
         "the number says another sex"),
    Rule("population.commune_abolished", _PERSON, persons.commune_abolished, _DOUBTFUL,
         "the permanent residence is in a commune that was abolished"),
    Rule("finance.taxpayer_ended", _FIRM, units.taxed_after_end, _CERTAIN,
         "a duty was assessed for a time after the firm's end"),
    Rule("finance.firm_unknown", _FIRM, units.taxed_unknown, _DOUBTFUL,
         "no firm bears the code of a taxpayer"),
    Rule("insurance.employer_ended", _UNIT, units.insured_through_ended, _CERTAIN,
         "somebody is insured through a firm that no longer exists"),
    Rule("insurance.employer_mistyped", _UNIT, units.employer_unknown, _LIKELY,
         "no firm bears the enterprise code of an employer"),
    Rule("land.holder_dead", _PARCEL, parcels.holder_dead, _CERTAIN,
         "the holder of a parcel died, and the land register knows nothing of it"),
    Rule("land.inheritance_open", _PARCEL, parcels.inheritance_open, _DOUBTFUL,
         "the holder of a parcel died, and the inheritance is recorded as open"),
    Rule("land.number_cancelled", _PARCEL, parcels.number_cancelled, _CERTAIN,
         "the number of a holder was cancelled; the person bears another one now"),
    Rule("land.number_unknown", _PARCEL, parcels.number_unknown, _CERTAIN,
         "nobody bears the number of a holder"),
    Rule("land.firm_ended", _PARCEL, parcels.firm_ended, _CERTAIN,
         "the firm that holds a parcel no longer exists"),
    Rule("land.firm_unknown", _PARCEL, parcels.firm_unknown, _LIKELY,
         "no firm bears the code of a holder"),
    Rule("finance.asset_private", _PARCEL, parcels.asset_private, _CERTAIN,
         "a public asset lies on a parcel that a person holds"),
    Rule("finance.asset_unknown", _PARCEL, parcels.asset_unknown, _CERTAIN,
         "a public asset lies on a parcel that nobody registered"),
    Rule("insurance.two_numbers", Kind.IDENTITY, identities.second_number, _LIKELY,
         "somebody seems to be insured under a second number"),
    Rule("insurance.number_missing", Kind.IDENTITY, identities.number_missing, _LIKELY,
         "a participant has no personal number"),
    Rule("population.two_persons_alike", Kind.IDENTITY, identities.persons_alike, _DOUBTFUL,
         "two numbers may be of one person: same name, day of birth, sex and commune"),
    Rule("population.old_card_shared", Kind.OLD_CARD, identities.old_card_shared, _DOUBTFUL,
         "two persons have one old card number"),
)  # fmt: skip
BY_NAME: Mapping[str, Rule] = {rule.name: rule for rule in RULES}


def judge(bundle: Bundle, on: date) -> Iterable[tuple[Rule, Found]]:
    """Judge a subject by all rules of its kind.

    Source:
        No article of its own: what each rule finds stands with the rule.
    """
    for rule in RULES:
        if rule.kind is bundle.subject.kind:
            for found in rule.check(bundle, on):
                yield rule, found
