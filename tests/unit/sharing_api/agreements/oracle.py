"""What an agreement means, a second time: slow, naive, read from the document as it was signed.

It shares no code with the decision. Every condition of the contract is one line of `_objections`,
in the order in which reasons are given: agreement as a whole, dataset, use, search, single field.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What the file of purposes says, as far as the cases here ask; half-open days.
PURPOSES = [
    ("birth_registration", ["public_service.birth_registration"], "2025-01-01"),
    ("land_transfer", ["public_service.land_transfer"], "2025-01-01"),
]


def is_unfit(asked: Mapping[str, Any], day: str) -> bool:
    """Say whether the purpose is none of the procedure's, where any is known."""
    known = [
        which for name, which, since in PURPOSES if name == asked["procedure"] and since <= day
    ]
    return known != [] and all(asked["purpose"] not in which for which in known)


@dataclass(frozen=True)
class Signed:
    """An agreement as the two agencies hold it: its hash, its document, whether it acts."""

    address: str
    content: Mapping[str, Any]
    in_force: bool


@dataclass(frozen=True)
class Answer:
    """What the oracle says: formats when it permits, else the reason."""

    permitted: bool
    rule: str = ""
    member: str = ""
    formats: Mapping[str, str] | None = None


def answer(
    signed: Sequence[Signed],
    asked: Mapping[str, Any],
    published: Mapping[str, Any] | None,
    day: str,
    same_land: Mapping[tuple[str, str], Sequence[tuple[str, str]]],
) -> Answer:
    """Say whether any agreement lets the question be asked.

    Args:
        signed: agreements of the consumer, in order.
        asked: the question, plain.
        published: fields (formats, sources), predicates (fields revealed) and match fields (field
            compared with) of the dataset.
        day: ISO date; ISO dates compare as texts do.
        same_land: (version, province) → the same land in every vintage.
    """
    if asked["agreement"]:
        signed = [one for one in signed if one.address == asked["agreement"]]
    answers = [_one(one, asked, published, day, same_land) for one in signed]
    for candidate in answers:
        if candidate.permitted:
            return candidate
    for unwanted in (("purpose.", "dataset."), ("dataset.",), ()):
        for candidate in answers:
            if not candidate.rule.startswith(unwanted):
                return candidate
    return Answer(False, "agreement.none", "agreement")


def _one(
    signed: Signed,
    asked: Mapping[str, Any],
    published: Mapping[str, Any] | None,
    day: str,
    same_land: Mapping[tuple[str, str], Sequence[tuple[str, str]]],
) -> Answer:
    for wrong, rule, member in _objections(signed, asked, published, day, same_land):
        if wrong:
            return Answer(False, rule, member)
    fields = signed.content["datasets"][asked["dataset"]]["fields"]
    wanted = asked["fields"] + asked["claims"]
    return Answer(True, formats={name: fields[name] for name in wanted})


def _objections(
    signed: Signed,
    asked: Mapping[str, Any],
    published: Mapping[str, Any] | None,
    day: str,
    same_land: Mapping[tuple[str, str], Sequence[tuple[str, str]]],
) -> Iterator[tuple[bool, str, str]]:
    paper = signed.content
    stranger = paper["consumer"] != asked["consumer"] and not _is_named(paper, asked, day)
    yield stranger, "agreement.other_party", "agreement"
    yield not signed.in_force, "agreement.not_in_force", "agreement"
    yield day < paper["valid_from"], "agreement.not_yet_valid", "agreement"
    yield bool(paper["valid_to"]) and day >= paper["valid_to"], "agreement.expired", "agreement"
    covered = asked["dataset"] in paper["datasets"] and published is not None
    yield not covered, "dataset.not_granted", "dataset"
    if published is None:
        return
    terms = paper["datasets"][asked["dataset"]]
    yield asked["operation"] not in terms["operations"], "operation.not_granted", "operation"
    yield asked["purpose"] not in paper["purposes"], "purpose.not_granted", "purpose"
    yield asked["legal_basis"] not in paper["legal_basis"], "legal_basis.not_granted", "legal_basis"
    named = len(paper["procedures"]) > 0
    unlisted = named and asked["procedure"] not in paper["procedures"]
    yield unlisted, "procedure.not_granted", "procedure"
    missing = [one for one in terms.get("required_claims", []) if one not in asked["claims"]]
    by_key = asked["operation"] in ("look-up", "batch")
    yield by_key and len(missing) > 0, "claims.required", "claims"
    whose = paper["population"] or {"conditions": []}
    for condition in whose["conditions"]:
        about = condition["field"]
        yield about not in published["fields"], "population.not_published", "population." + about
    walked = asked["operation"] == "linkage"
    yield walked and len(whose["conditions"]) > 0, "linkage.population", "population"
    refuses = paper.get("unfit_purposes", "note") == "refuse"
    yield refuses and is_unfit(asked, day), "purpose.unfit", "purpose"
    if asked["operation"] == "linkage":
        yield asked["joined_with"] == [], "linkage.not_granted", "joined_with"
        for other in asked["joined_with"]:
            alone = other not in terms.get("linkage_with", [])
            yield alone, "linkage.not_granted", "joined_with." + other
        yield paper["territory"] is not None, "linkage.territory", "territory"
    if asked["operation"] == "candidates":
        yield from _match_objections(terms, asked, published)
    yield from _search_objections(terms, asked, published)
    if paper["territory"] is not None:
        reach = [
            place
            for code in paper["territory"]["provinces"]
            for place in same_land[paper["territory"]["version"], code]
        ]
        outside = [place for place in asked["provinces"] if place not in reach]
        yield len(outside) > 0, "territory.not_granted", "territory"
    yield from _field_objections(terms, asked, published)


def _is_named(paper: Mapping[str, Any], asked: Mapping[str, Any], day: str) -> bool:
    for delegate in paper["delegates"]:
        is_over = "valid_to" in delegate and day >= delegate["valid_to"]
        is_its_system = not delegate.get("clients") or asked["client"] in delegate["clients"]
        if delegate["agency"] == asked["consumer"] and is_its_system and not is_over:
            return True
    return False


def _match_objections(
    terms: Mapping[str, Any], asked: Mapping[str, Any], published: Mapping[str, Any]
) -> Iterator[tuple[bool, str, str]]:
    combinations = terms.get("matching", {"combinations": []})["combinations"]
    for name in asked["given"]:
        member = "given." + name
        mentioned = [one for one in combinations if name in one]
        yield mentioned == [], "match_field.not_granted", member
        yield name not in published["matched"], "match_field.not_granted", member
        own = published["matched"].get(name, "")
        shown = terms["fields"].get(own, "not at all")
        yield shown != "full", "match_field.field_not_granted", member
        made_of = published["fields"].get(own, {"sources": []})["sources"]
        hidden = [one for one in made_of if one not in terms["fields"]]
        yield len(hidden) > 0, "match_field.field_not_granted", member
    yield _none_is_whole(combinations, asked["given"]), "combination.not_given", "given"


def _none_is_whole(combinations: Sequence[Sequence[str]], used: Sequence[str]) -> bool:
    return all(any(part not in used for part in one) for one in combinations)


def _search_objections(
    terms: Mapping[str, Any], asked: Mapping[str, Any], published: Mapping[str, Any]
) -> Iterator[tuple[bool, str, str]]:
    for name in asked["predicates"]:
        member = "predicates." + name
        yield name not in terms["predicates"], "predicate.not_granted", member
        yield name not in published["predicates"], "predicate.not_granted", member
        hidden = set(published["predicates"].get(name, [])) - set(terms["fields"])
        yield len(hidden) > 0, "predicate.field_not_granted", member
    if asked["operation"] == "search" and "search_combinations" in terms:
        lacking = _none_is_whole(terms["search_combinations"], asked["predicates"])
        yield lacking, "combination.not_given", "predicates"


def _field_objections(
    terms: Mapping[str, Any], asked: Mapping[str, Any], published: Mapping[str, Any]
) -> Iterator[tuple[bool, str, str]]:
    for name in asked["fields"] + asked["claims"]:
        member = "fields." + name
        yield name not in terms["fields"], "field.not_granted", member
        yield name not in published["fields"], "field.not_granted", member
        facts = published["fields"].get(name, {"formats": [], "sources": []})
        unpublished = terms["fields"].get(name) not in facts["formats"]
        yield unpublished, "field.format_not_published", member
        hidden = [one for one in facts["sources"] if one not in terms["fields"]]
        yield len(hidden) > 0, "field.source_not_granted", member
