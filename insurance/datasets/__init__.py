"""What the insurance register publishes: participants, eligibility, contributions, bodies."""

from collections.abc import Mapping

from databases import datasets, plans
from databases.datasets import Dataset
from insurance import values
from insurance.datasets import fields, predicates, shapes
from insurance.repository import answers, walks


def _card_or_number(text: str) -> str:
    return values.CardCode.parse(text, field="card_code").text


_SEARCH_PARTICIPANTS = "Search the dataset participant by name and date of birth, then ask by key."

PARTICIPANT = Dataset(
    name="participant",
    register="insurance",
    key="participant_no",
    key_rule=values.require_participant_no,
    fields=fields.PARTICIPANT_FIELDS,
    predicates=predicates.PREDICATES,
    standard="insurance",
    standard_version="1.0",
    fetch=plans.make_fetch(
        fields.PARTICIPANT_FIELDS, shapes.PARTICIPANT, answers.read_participants
    ),
    search=plans.make_search(
        fields.PARTICIPANT_FIELDS,
        shapes.PARTICIPANT,
        predicates.PREDICATES,
        answers.search_participants,
    ),
    territory_of=("residence",),
    walk=walks.walk_participants,
)
ELIGIBILITY = Dataset(
    name="eligibility",
    register="insurance",
    key="participant_no",
    key_rule=_card_or_number,
    fields=fields.ELIGIBILITY_FIELDS,
    predicates={},
    standard="insurance",
    standard_version="1.0",
    fetch=plans.make_fetch(fields.ELIGIBILITY_FIELDS, shapes.ELIGIBILITY, answers.read_eligibility),
    search=datasets.refuse_searches(_SEARCH_PARTICIPANTS),
    territory_of=("residence",),
)
CONTRIBUTION = Dataset(
    name="contribution",
    register="insurance",
    key="participant_no",
    key_rule=values.require_participant_no,
    fields=fields.CONTRIBUTION_FIELDS,
    predicates={},
    standard="insurance",
    standard_version="1.0",
    fetch=plans.make_fetch(
        fields.CONTRIBUTION_FIELDS, shapes.CONTRIBUTION, answers.read_participants
    ),
    search=datasets.refuse_searches(_SEARCH_PARTICIPANTS),
    territory_of=("residence",),
    walk=walks.walk_contributions,
)
FACILITY = Dataset(
    name="facility",
    register="insurance",
    key="facility_code",
    key_rule=values.require_facility_code,
    fields=fields.FACILITY_FIELDS,
    predicates={},
    standard="insurance",
    standard_version="1.0",
    fetch=plans.make_fetch(fields.FACILITY_FIELDS, shapes.FACILITY, answers.read_facilities),
    search=datasets.refuse_searches("Facilities are asked for by their code."),
    territory_of=("address",),
    is_personal=False,
)
EMPLOYER = Dataset(
    name="employer",
    register="insurance",
    key="unit_code",
    key_rule=values.require_unit_code,
    fields=fields.EMPLOYER_FIELDS,
    predicates=predicates.EMPLOYER_PREDICATES,
    standard="insurance",
    standard_version="1.0",
    fetch=plans.make_fetch(fields.EMPLOYER_FIELDS, shapes.EMPLOYER, answers.read_employers),
    search=plans.make_search(
        fields.EMPLOYER_FIELDS,
        shapes.EMPLOYER,
        predicates.EMPLOYER_PREDICATES,
        answers.search_employers,
    ),
    territory_of=("address",),
    walk=walks.walk_employers,
    is_personal=False,
)
DATASETS: Mapping[str, Dataset] = {
    dataset.name: dataset
    for dataset in (PARTICIPANT, ELIGIBILITY, CONTRIBUTION, FACILITY, EMPLOYER)
}
