"""What to try once the demonstration runs; every line is ready to paste."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from command_line.operator import up_down_status
from sample_country import cast_numbers

Step = tuple[str, str]

_PERSON = "./natdb ask population/citizen --purpose civil_status.registration --key {}"
_ASK = _PERSON.format(cast_numbers.CITIZEN)
_MOVED = _PERSON.format(cast_numbers.MOVED)
_FIRM = (
    "./natdb ask enterprise/enterprise --client tax-registration --purpose tax.registration"
    f" --key {cast_numbers.OPERATING_FIRM}"
)
_QUESTION = {
    "key": cast_numbers.CITIZEN,
    "fields": ["pin", "full_name"],
    "purpose": "civil_status.registration",
    "legal_basis": "Decree 194/2025/NĐ-CP art. 16",
}
_BIRTH = {
    "procedure": "birth_registration",
    "keys": {
        "mother": cast_numbers.CITIZEN,
        "father": cast_numbers.HUSBAND,
        "facility": cast_numbers.FACILITY,
    },
    "purpose": "public_service.birth_registration",
    "legal_basis": "Decree 63/2024/NĐ-CP",
}
_LAND_TRANSFER = {
    "procedure": "land_transfer",
    "keys": {
        "transferor": cast_numbers.CITIZEN,
        "transferee": cast_numbers.MOVED,
        "parcel": cast_numbers.HOME,
        "certificate": cast_numbers.HOME_CERTIFICATE,
    },
    "purpose": "public_service.land_transfer",
    "legal_basis": "Decree 101/2024/NĐ-CP",
}
_REPORT = {
    "keys": {"population/citizen": cast_numbers.CITIZEN},
    "legal_basis": "Law 91/2025/QH15 (rights of the data subject)",
}
_CARD = f"urn:natdb:fhir:identifier:health-insurance-card%7C{cast_numbers.CITIZEN_INSURANCE}"


def list_next_steps(port: int, size: int, counted_on: date) -> tuple[Step, ...]:
    """List what to try and the line that does it.

    Args:
        port: of the API on this machine.
        size: of the sample country.
        counted_on: day of which statistics were computed.
    """
    address = f"http://{up_down_status.HOST}:{port}"
    return (
        *_list_questions(address),
        *_list_registers(),
        *_list_statistics(size, counted_on),
        *_list_dialects(address),
        *_list_dossiers(address),
        (
            "what knowingly disagrees between the registers of this country",
            f"./natdb sample inconsistencies --size {size} | head",
        ),
        ("what of it is found by comparing the registers", "./natdb consistency run"),
        (
            "who stands twice in a file of invented people; matched/report.html says why",
            "./natdb sample dirty-copies people.csv --persons 4000 --copies 1000 && "
            "./natdb match file people.csv --mapping sample_country/data/dirty_copies.toml",
        ),
        *_list_evidence(address),
        *_list_care(address),
    )


def _list_questions(address: str) -> Iterable[Step]:
    yield (
        "a ministry looks up a citizen; question, answer, receipt and proof are kept in ./kept",
        f"{_ASK} --fields pin,full_name,date_of_birth,permanent_residence --save kept",
    )
    yield (
        "anyone verifies it, offline, with one file and no trust in this machine",
        ".venv/bin/python verify_receipt.py --receipt kept/receipt.jws"
        " --answer kept/answer.json --request kept/question.json --keys kept/keys.json"
        " --proof kept/proof.json",
    )
    yield "the same citizen as XML of the published standard", f"{_ASK} --fields pin,sex --xml"
    yield (
        "a citizen who moved, as of the day before the reform of 1 July 2025",
        f"{_MOVED} --fields full_name,permanent_residence --valid-on 2025-06-30",
    )
    yield (
        "who is meant by a name without its signs and a day of birth; how sure, and why",
        "./natdb match candidates full_name='nguyen thi mai' birth_date=20/5/1990 sex=nu"
        " --fields pin,full_name,date_of_birth --purpose civil_status.registration",
    )
    yield (
        "an enterprise with its beneficial owners along the chain",
        f"{_FIRM} --fields name_vi,legal_status,owners,beneficial_owners",
    )
    yield (
        "the citizen once more, by plain curl",
        f"{_post('moj-civil-status', _QUESTION, headers=True)}"
        f" {address}/v1/population/citizen/look-up",
    )


def _list_registers() -> Iterable[Step]:
    yield (
        "land: who holds the home of the citizen, by the number of its certificate",
        "./natdb ask land/certificate --client tax-registration --purpose tax.land"
        f" --key '{cast_numbers.HOME_CERTIFICATE}' --fields issue_number,status,parcels,holders",
    )
    yield (
        "insurance: is this card valid today, and at which level; a hospital learns no more",
        "./natdb ask insurance/eligibility --client hospital"
        f" --purpose health_insurance.eligibility --key {cast_numbers.CITIZEN_INSURANCE}"
        " --fields is_valid,benefit_level",
    )
    yield (
        "finance: what the commune that took over from a district was given for 2025",
        "./natdb ask finance/budget_execution --client treasury"
        f" --purpose treasury.spending_control --where unit_code={cast_numbers.COMMUNE_UNIT}"
        " --where year=2025 --fields unit_code,allocations",
    )
    yield (
        "finance: does a firm owe taxes; customs learn yes or no",
        "./natdb ask finance/taxpayer --client customs-clearance --purpose customs.clearance"
        f" --key {cast_numbers.TOP_FIRM} --fields name,has_arrears",
    )


def _list_statistics(size: int, counted_on: date) -> Iterable[Step]:
    statistics = "./natdb statistics {} " + str(counted_on)
    yield (
        "statistics: why usual residents are not those registered; for the office only",
        statistics.format("reconcile"),
    )
    yield (
        "the same figures once more from the same change of the population register",
        statistics.format("verify"),
    )
    yield (
        "a correction, figures computed anew, and the difference",
        f"./natdb sample late-deaths --size {size} && {statistics.format('compute')}"
        f" && {statistics.format('compare')} --series .VN.POP.",
    )
    yield (
        "how much detail the figures show and hide, for auditors",
        f"./natdb audit statistics {counted_on}",
    )


def _list_dialects(address: str) -> Iterable[Step]:
    yield (
        "OGC API Features: two parcels in a box, for QGIS, GDAL and OWSLib",
        f"{_get('land-map')} '{address}/ogc/collections/parcels/items?bbox=105,20,106,22&limit=2'",
    )
    yield (
        "the parcels as a GeoPackage in a zone of VN-2000, with the receipts",
        "./natdb export land --zone 5897 --out parcels",
    )
    yield (
        "FHIR: the same card for a hospital's system",
        f"{_get('hospital')} '{address}/fhir/Coverage?identifier={_CARD}'",
    )
    yield (
        "SDMX: the population by sex and age, small cells protected, as SDMX-CSV",
        f"{_get('statistics-reader')} -H 'Accept: application/vnd.sdmx.data+csv'"
        f" {address}/sdmx/2.1/data/POPULATION/A.VN.POP.M+F.._T._T._T",
    )
    yield (
        "budgets of 2025 as a Fiscal Data Package",
        "./natdb export finance --year 2025 --out budget",
    )
    yield (
        "DCAT: the catalogue of all of this",
        f"curl -s -H 'Accept: text/turtle' {address}/catalogue | head -40",
    )


def _list_dossiers(address: str) -> Iterable[Step]:
    for what, question in (
        ("a birth is registered: one call fills the form from two registers", _BIRTH),
        ("a home is sold: one call fills the form, each field with its receipt", _LAND_TRANSFER),
    ):
        yield what, f"{_post('hcmc-one-stop', question)} {address}/v1/dossiers"


def _list_evidence(address: str) -> Iterable[Step]:
    yield (
        "a citizen asks who was told of her: every entry, and the proof that none is missing",
        f"{_post('citizen-portal', _REPORT)} {address}/v1/log/subject-reports -o report.json"
        f" && curl -s {address}/v1/keys -o keys.json"
        " && .venv/bin/python verify_receipt.py --subject-report report.json --keys keys.json",
    )
    yield (
        "another agency watches the log: it keeps checkpoints and cosigns what continues them",
        f"curl -s {address}/v1/keys -o keys.json && ./natdb audit add-witness"
        ' "$(.venv/bin/python witness.py init --name witness.example --folder watched'
        ' --keys keys.json)"'
        f" && .venv/bin/python witness.py run --exchange {address} --folder watched --once"
        f" && curl -s '{address}/v1/log/checkpoint?witnesses=1'",
    )


def _list_care(address: str) -> Iterable[Step]:
    yield "who was told what", "./natdb audit log"
    yield "is the log whole", "./natdb audit verify"
    yield "the reference of the API", f"{address}/docs"
    yield "what runs, and where the databases are", "./natdb status"
    yield "stop everything, keeping the data", "./natdb down"


def _get(client: str) -> str:
    """Begin a line of curl that asks in the name of a system."""
    return f'curl -s -H "Authorization: Bearer $(./natdb token --client {client})"'


def _post(client: str, question: Mapping[str, Any], *, headers: bool = False) -> str:
    """Begin a line of curl that sends a question in the name of a system."""
    begun = _get(client).replace("curl -s ", "curl -si ") if headers else _get(client)
    written = json.dumps(question, ensure_ascii=False)
    return f"{begun} -H 'Content-Type: application/json' -d '{written}'"
