"""The decision on a question: pure, total, deny by default (exchange.md section 1).

Refusals are looked for in a fixed order, from the agreement as a whole to the single field, so that
the same question always gets the same reason.
"""

from collections.abc import Iterable
from datetime import date

from sharing_api.agreements.values import (
    EMERGENCY,
    Combinations,
    DatasetFacts,
    DatasetTerms,
    Decision,
    Question,
    Terms,
)

NO_AGREEMENT = "agreement.none"
UNFIT = "purpose.unfit"
_BY_KEY = ("look-up", "batch")
# What a caller is told; a rule is named by one of these and what about it is not granted.
_LESS_HELPFUL = ("dataset", "purpose")
_SENTENCES = {
    "agreement": "No agreement in force lets this agency ask.",
    "population": "The agreement's part of the population cannot be told in this dataset.",
    "emergency": "Emergencies are asked as such, with a reason, under an agreement for them.",
    "dataset": "The agreement does not cover this dataset.",
    "operation": "The agreement does not allow this operation.",
    "purpose": "The agreement does not allow this purpose.",
    "legal_basis": "The agreement does not name this legal basis.",
    "procedure": "The agreement does not cover this procedure.",
    "linkage": "The agreement does not allow joining these registers.",
    "predicate": "The agreement does not allow searching by this.",
    "match_field": "The agreement does not allow matching by this.",
    "combination": "The agreement asks for a whole combination of fields to search by.",
    "territory": "The agreement does not reach this territory.",
    "claims": "The agreement asks for more attributes to be stated.",
    "field": "The agreement does not grant this field.",
}


def decide(terms: Terms, question: Question, facts: DatasetFacts | None, on: date) -> Decision:
    """Decide whether an agreement allows a question, and in which formats.

    Args:
        terms: of one agreement.
        question: canonical; its caller is already recognised.
        facts: of the dataset asked for; None when nobody publishes it.
        on: the day of the question, in the time zone of Viet Nam.

    Source:
        Decree 194/2025/NĐ-CP art. 16 (sharing within competence, refusal with reason);
        Law 91/2025/QH15 (purpose limitation), in force from 2026-01-01.
    """
    granted = terms.datasets.get(question.dataset)
    refusal = _agreement_refuses(terms, question, on)
    if refusal is None and (granted is None or facts is None):
        refusal = ("dataset.not_granted", "dataset")
    if refusal is not None or granted is None or facts is None:
        rule, member = refusal or ("dataset.not_granted", "dataset")
        return Decision(False, terms.agreement_hash, rule, member)
    refusal = (
        _use_refuses(terms, granted, question)
        or _population_refuses(terms, question, facts)
        or _unfit_refuses(terms, question, on)
        or _linkage_refuses(terms, granted, question)
        or _match_refuses(granted, question, facts)
        or _search_refuses(terms, granted, question, facts)
    )
    if refusal is not None:
        return Decision(False, terms.agreement_hash, *refusal)
    for name in (*question.fields, *question.claims):
        rule = _field_refuses(name, granted, facts)
        if rule:
            return Decision(False, terms.agreement_hash, rule, f"fields.{name}")
    return Decision(
        permitted=True,
        agreement_hash=terms.agreement_hash,
        formats={name: granted.fields[name] for name in (*question.fields, *question.claims)},
        territory=terms.territory,
        daily_quota=terms.daily_quota,
        search_limit=granted.search_limit,
        matching=granted.matching if question.operation == "candidates" else None,
        minute_quota=terms.minute_quota,
        agreement_name=terms.name,
        population=terms.population,
        sees_protected=terms.sees_protected,
        warning=UNFIT if terms.fits and not _fits(terms, question, on) else "",
    )


def decide_any(
    candidates: Iterable[Terms], question: Question, facts: DatasetFacts | None, on: date
) -> Decision:
    """Decide under the first agreement that allows the question; else give the best refusal.

    Args:
        candidates: the consumer's agreements in a fixed order.
    """
    refused: Decision | None = None
    for terms in candidates:
        if question.agreement_hash not in (None, terms.agreement_hash):
            continue
        decision = decide(terms, question, facts, on)
        if decision.permitted:
            return decision
        # The agreement that speaks of the dataset, and of what it is for, gives the better reason.
        if refused is None or _helpfulness(decision.rule) > _helpfulness(refused.rule):
            refused = decision
    return refused or Decision(False, "", NO_AGREEMENT, "agreement")


def _helpfulness(rule: str) -> int:
    about = rule.partition(".")[0]
    return _LESS_HELPFUL.index(about) if about in _LESS_HELPFUL else len(_LESS_HELPFUL)


def explain(rule: str) -> str:
    """Give the sentence that tells a caller why a rule refused.

    Args:
        rule: as in `Decision.rule` of a refusal.
    """
    return _SENTENCES[rule.partition(".")[0]]


def _agreement_refuses(terms: Terms, question: Question, on: date) -> tuple[str, str] | None:
    if terms.consumer != question.consumer and not _is_delegate(terms, question, on):
        return "agreement.other_party", "agreement"
    if not terms.in_force:
        return "agreement.not_in_force", "agreement"
    if on < terms.valid_from:
        return "agreement.not_yet_valid", "agreement"
    if terms.valid_to is not None and on >= terms.valid_to:
        return "agreement.expired", "agreement"
    return None


def _is_delegate(terms: Terms, question: Question, on: date) -> bool:
    return any(
        one.agency == question.consumer
        and (not one.clients or question.client in one.clients)
        and (one.valid_to is None or on < one.valid_to)
        for one in terms.delegates
    )


def _use_refuses(terms: Terms, granted: DatasetTerms, question: Question) -> tuple[str, str] | None:
    if question.is_emergency != (question.purpose == EMERGENCY):
        return "emergency.not_declared", "purpose"
    if question.operation not in granted.operations:
        return "operation.not_granted", "operation"
    if question.purpose not in terms.purposes:
        return "purpose.not_granted", "purpose"
    if question.legal_basis not in terms.legal_bases:
        return "legal_basis.not_granted", "legal_basis"
    if terms.procedures and question.procedure not in terms.procedures:
        return "procedure.not_granted", "procedure"
    if question.operation in _BY_KEY and not granted.required_claims <= set(question.claims):
        return "claims.required", "claims"
    return None


def _population_refuses(
    terms: Terms, question: Question, facts: DatasetFacts
) -> tuple[str, str] | None:
    """Refuse a dataset that does not say what the conditions are about: who is in, who is not?"""
    for condition in terms.population:
        if condition.field not in facts.fields:
            return "population.not_published", f"population.{condition.field}"
    if terms.population and question.operation == "linkage":
        # What is gone and what lies outside look alike, as with a territory.
        return "linkage.population", "population"
    return None


def _unfit_refuses(terms: Terms, question: Question, on: date) -> tuple[str, str] | None:
    if terms.refuses_unfit and not _fits(terms, question, on):
        return UNFIT, "purpose"
    return None


def _fits(terms: Terms, question: Question, on: date) -> bool:
    """Test whether the purpose is one of the procedure's, as far as anything is known of it."""
    known = [
        fit
        for fit in terms.fits.get(question.procedure, ())
        if fit.valid_from <= on and (fit.valid_to is None or on < fit.valid_to)
    ]
    return not known or any(question.purpose in fit.purposes for fit in known)


def _linkage_refuses(
    terms: Terms, granted: DatasetTerms, question: Question
) -> tuple[str, str] | None:
    if question.operation != "linkage":
        return None
    if not question.joined_with:
        return "linkage.not_granted", "joined_with"
    for register in question.joined_with:
        if register not in granted.linkage_with:
            return "linkage.not_granted", f"joined_with.{register}"
    if terms.territory:
        # What is gone and what lies outside look alike: a walk would tell numbers from outside.
        return "linkage.territory", "territory"
    return None


def _match_refuses(
    granted: DatasetTerms, question: Question, facts: DatasetFacts
) -> tuple[str, str] | None:
    if question.operation != "candidates":
        return None
    combinations = granted.matching.combinations if granted.matching else ()
    allowed = frozenset().union(*combinations)
    for name in question.given:
        if name not in allowed or name not in facts.matched:
            return "match_field.not_granted", f"given.{name}"
        # Levels of likeness tell the value bit by bit: it must be granted as it is.
        published = facts.matched[name]
        if granted.fields.get(published) != "full" or _field_refuses(published, granted, facts):
            return "match_field.field_not_granted", f"given.{name}"
    if not _is_any_whole(combinations, question.given):
        return "combination.not_given", "given"
    return None


def _is_any_whole(combinations: Combinations, used: Iterable[str]) -> bool:
    return any(one <= set(used) for one in combinations)


def _search_refuses(
    terms: Terms, granted: DatasetTerms, question: Question, facts: DatasetFacts
) -> tuple[str, str] | None:
    for name in question.predicates:
        if name not in granted.predicates or name not in facts.predicates:
            return "predicate.not_granted", f"predicates.{name}"
        # Whoever searches by a field learns it: nobody searches by what they may not see.
        if any(revealed not in granted.fields for revealed in facts.predicates[name]):
            return "predicate.field_not_granted", f"predicates.{name}"
    wanted = granted.search_combinations if question.operation == "search" else None
    if wanted is not None and not _is_any_whole(wanted, question.predicates):
        return "combination.not_given", "predicates"
    if terms.territory and any(p not in terms.territory for p in question.provinces):
        return "territory.not_granted", "territory"
    return None


def _field_refuses(name: str, granted: DatasetTerms, facts: DatasetFacts) -> str:
    field = facts.fields.get(name)
    wanted = granted.fields.get(name)
    if field is None or wanted is None:
        return "field.not_granted"
    if wanted not in field.formats:
        return "field.format_not_published"
    # A field made out of others discloses them: rights to every source are needed.
    if any(source not in granted.fields for source in field.sources):
        return "field.source_not_granted"
    return ""
