"""Drafts of agreements, before they are signed: does the document say what can be done here?"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from databases.errors import FieldProblem
from sharing_api.agreements.values import DatasetFacts
from sharing_api.disclosure import catalogue
from sharing_api.standards import validate


def find_problems(content: Mapping[str, Any]) -> Sequence[FieldProblem]:
    """Say what is wrong with the document of an agreement; empty when nothing.

    Beside the published standard, it must grant nothing that nobody publishes: such a grant would
    be signed and then refused, question by question.
    """
    problems = validate.find_problems_of_any_version("agreement", content)
    return problems or tuple(_find_unpublished(content["datasets"]))


def _find_unpublished(datasets: Mapping[str, Mapping[str, Any]]) -> Iterator[FieldProblem]:
    for name, granted in datasets.items():
        place = f"/datasets/{name.replace('/', '~1')}"
        facts = catalogue.FACTS.get(name)
        if facts is None:
            yield FieldProblem(place, "dataset.unknown", "Nobody publishes this dataset.")
            continue
        for field, wanted in granted["fields"].items():
            known = facts.fields.get(field)
            if known is None:
                yield FieldProblem(f"{place}/fields/{field}", "field.unknown", "No such field.")
            elif wanted not in known.formats:
                yield FieldProblem(
                    f"{place}/fields/{field}", "field.format_unknown", "Not given in this format."
                )
            elif any(source not in granted["fields"] for source in known.sources):
                sources = ", ".join(known.sources)
                yield FieldProblem(
                    f"{place}/fields/{field}",
                    "field.source_not_granted",
                    f"It is made of others, which must be granted too: {sources}.",
                )
        yield from _find_unmatched(place, granted, facts)
        for predicate in granted["predicates"]:
            if predicate not in facts.predicates:
                yield FieldProblem(
                    f"{place}/predicates", "predicate.unknown", "No such search predicate."
                )


def _find_unmatched(
    place: str, granted: Mapping[str, Any], facts: DatasetFacts
) -> Iterator[FieldProblem]:
    named = granted.get("matching", {}).get("combinations", ())
    for field in sorted({one for combination in named for one in combination}):
        if field not in facts.matched:
            yield FieldProblem(
                f"{place}/matching/combinations", "match_field.unknown", f"Not matched by {field}."
            )
