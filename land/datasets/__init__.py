"""What the land register publishes: `parcel`, `holding`, `certificate` and `parcel_tile`."""

import re
from collections.abc import Mapping

from databases import datasets, identifiers, plans
from databases.datasets import Dataset
from databases.identifiers import MalformedIdentifier
from land.datasets import fields, predicates, shapes, tiles
from land.repository import certificate_answers, holding_answers, parcel_answers, walks
from land.rules import certificates

_PARCEL_ID = re.compile(r"[0-9A-Z]{1,40}", re.ASCII)
_PIN_DIGITS = 12


def _canonical_parcel(text: str) -> str:
    if not _PARCEL_ID.fullmatch(text):
        message = "A parcel's name has 1 to 40 capital letters A-Z and digits."
        raise MalformedIdentifier.of_field("parcel_id", "name.shape", message)
    return text


def _canonical_party(text: str) -> str:
    if len(text) == _PIN_DIGITS:
        return identifiers.Pin.parse(text, field="party_number").number
    code = identifiers.EnterpriseCode.parse(text, field="party_number")
    if code.suffix is not None:
        message = "Land is held by the enterprise: ask by its ten digits."
        raise MalformedIdentifier.of_field("party_number", "party_number.unit", message)
    return code.base


def _canonical_number(text: str) -> str:
    read = certificates.read_number(text)
    if read.number is None or not read.is_certain:
        message = "An issue number has one or two letters and six to eight digits."
        raise MalformedIdentifier.of_field("issue_number", "issue_number.shape", message)
    return read.number


PARCEL = Dataset(
    name="parcel",
    register="land",
    key="parcel_id",
    key_rule=_canonical_parcel,
    fields=fields.PARCEL_FIELDS,
    predicates=predicates.PREDICATES,
    standard="parcel",
    standard_version="1.0",
    fetch=plans.make_fetch(fields.PARCEL_FIELDS, shapes.PARCEL, parcel_answers.read_parcels),
    search=plans.make_search(
        fields.PARCEL_FIELDS, shapes.PARCEL, predicates.PREDICATES, parcel_answers.search_parcels
    ),
    territory_of=("location",),
    search_limit=1_000,
    walk=walks.walk_parcels,
    is_personal=False,
)
HOLDING = Dataset(
    name="holding",
    register="land",
    key="party_number",
    key_rule=_canonical_party,
    fields=fields.HOLDING_FIELDS,
    predicates={},
    standard="land_holding",
    standard_version="1.0",
    fetch=plans.make_fetch(fields.HOLDING_FIELDS, shapes.HOLDING, holding_answers.read_holdings),
    search=datasets.refuse_searches("Ask what somebody holds by number, or find the parcel first."),
    # Land may lie in several provinces: agreements about one province do not reach holdings.
    territory_of=(),
    walk=walks.walk_holdings,
)
CERTIFICATE = Dataset(
    name="certificate",
    register="land",
    key="issue_number",
    key_rule=_canonical_number,
    fields=fields.CERTIFICATE_FIELDS,
    predicates={},
    standard="land_certificate",
    standard_version="1.0",
    fetch=plans.make_fetch(
        fields.CERTIFICATE_FIELDS, shapes.CERTIFICATE, certificate_answers.read_certificates
    ),
    search=datasets.refuse_searches("Certificates are asked for by their issue number."),
    territory_of=("location",),
    walk=walks.walk_certificates,
)
DATASETS: Mapping[str, Dataset] = {
    one.name: one for one in (PARCEL, HOLDING, CERTIFICATE, tiles.PARCEL_TILE)
}
