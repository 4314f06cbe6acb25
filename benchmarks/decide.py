"""What a decision costs, and what each rule of an agreement adds to it.

python -m benchmarks.decide
"""

import timeit
from collections.abc import Mapping
from datetime import date
from typing import Any

from benchmarks import site
from sharing_api import bootstrap
from sharing_api.agreements import decide, documents
from sharing_api.agreements.values import Question
from sharing_api.disclosure import catalogue

DAY = date(2026, 12, 1)
DATASET = "population/citizen"
TIMES = 50_000
BEST_OF = 5


def make_content(**changes: Any) -> dict[str, Any]:
    """Make an agreement of the demonstration with further rules."""
    sample = next(
        one.content
        for one in bootstrap.list_sample_agreements()
        if one.client_id == "hanoi-one-stop"
    )
    return {**sample, "standard": "agreement/1.2", "territory": None, **changes}


def make_cases() -> Mapping[str, dict[str, Any]]:
    """Name what is measured: the plain agreement, and one more rule each."""
    condition = {"field": "sex", "operator": "eq", "value": "1"}
    delegates = [{"agency": f"H{number:02}", "clients": ["portal"]} for number in range(1, 21)]
    return {
        "plain": {},
        "four conditions on persons": {"population": {"conditions": [condition] * 4}},
        "purpose held against procedure": {
            "unfit_purposes": "refuse",
            "procedures": ["birth_registration"],
            "purposes": ["public_service.birth_registration"],
        },
        "twenty delegates, asked by none of them": {"delegates": delegates},
        "twenty delegates, asked by the last": {"delegates": delegates, "consumer": "H99"},
    }


def measure(content: Mapping[str, Any]) -> tuple[float, str]:
    """Give the microseconds of one decision, and the rule that it ends with."""
    terms = documents.terms(
        documents.canonical(content), in_force=True, vintages=lambda v, c: [(v, c)]
    )
    asker = terms.delegates[-1].agency if content["consumer"] == "H99" else terms.consumer
    question = Question(
        consumer=asker,
        dataset=DATASET,
        operation="look-up",
        fields=tuple(sorted(content["datasets"][DATASET]["fields"]))[:8],
        purpose=content["purposes"][0],
        legal_basis=content["legal_basis"][0],
        procedure=(content["procedures"] or [""])[0],
        client="portal",
    )
    facts = catalogue.FACTS[DATASET]
    timer = timeit.Timer(lambda: decide.decide(terms, question, facts, DAY))
    best = min(timer.repeat(BEST_OF, TIMES)) / TIMES
    return best * 1e6, decide.decide(terms, question, facts, DAY).rule or "permitted"


def main() -> None:
    """Measure and print."""
    print(site.machine())
    plain = 0.0
    for name, changes in make_cases().items():
        microseconds, rule = measure(make_content(**changes))
        plain = plain or microseconds
        print(f"{name:<42} {microseconds:6.2f} µs  {microseconds / plain:5.2f} x plain  {rule}")


if __name__ == "__main__":
    main()
