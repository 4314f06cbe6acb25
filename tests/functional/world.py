"""An invented corner of the country: four people, two firms, and agencies with agreements."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey

from databases.changes.ledger import Act
from databases.identifiers import Sex
from databases.periods import PartialDate
from databases.sessions import Databases
from enterprise import service as enterprise_service
from enterprise import values as enterprise_values
from population import service as population_service
from population.values import Address, Person, PersonName, ResidenceKind
from sharing_api import bootstrap, keys
from sharing_api.agreements import repository
from sharing_api.disclosure import catalogue
from tests.factories import enterprise as firms
from tests.factories.exchange import make_agreement, make_message
from tests.functional import cases
from tests.functional.cases import Case

LAN, TU, MO, NOBODY = "001190000001", "095085000002", "096085000003", "001190999999"
FIRM, FAR_FIRM, NO_FIRM = firms.code(31_440_905), firms.code(31_440_906), firms.code(31_440_907)
CHILD, NEWBORN = "001315000011", "001325000012"
UNIT, FAR_UNIT, NO_UNIT = f"{FIRM}-001", f"{FAR_FIRM}-001", f"{NO_FIRM}-001"
REFORM = date(2025, 7, 1)
HANOI = Address(street="Số 1 phố Không Có", province_code="01", commune_version="19/2025")
BAC_LIEU = Address(street="Ấp Xa", province_code="95", commune_version="124/2004")
CA_MAU = Address(street="Ấp Xa", province_code="96", commune_version="19/2025")


CASES = {
    "population/citizen": Case(
        inside=TU,
        outside=LAN,
        unknown=NOBODY,
        malformed="12345",
        rule="pin.shape",
        fields=("pin", "full_name"),
        claims={"full_name": "ngo van tu"},
        predicates={"name": "Ngô Văn Tư"},
        ungranted="religion",
        secret="Ngô Văn Tư",
    ),
    "enterprise/enterprise": Case(
        inside=FIRM,
        outside=FAR_FIRM,
        unknown=NO_FIRM,
        malformed="0123456789",
        rule="enterprise_code.check_digit",
        fields=("enterprise_code", "name_vi"),
        claims={"name_vi": "cong ty tnhh hoang hon xanh"},
        predicates={"name": "CÔNG TY TNHH HOÀNG HÔN XANH"},
        ungranted="owners",
        secret="CÔNG TY TNHH HOÀNG HÔN XANH",
    ),
    "enterprise/dependent_unit": Case(
        inside=UNIT,
        outside=FAR_UNIT,
        unknown=NO_UNIT,
        malformed=FIRM,
        rule="unit_code.shape",
        fields=("unit_code", "name_vi"),
        claims={"name_vi": "chi nhanh gan"},
        ungranted="phone",
        secret="Chi nhánh gần",
    ),
    **cases.CASES,
}
OPERATIONS = ("look-up", "verify", "batch", "search")
ASKABLE = [
    (name, op)
    for name, case in CASES.items()
    for op in OPERATIONS
    if op != "search" or case.predicates
]


def question(dataset: str, operation: str, *keys: str, **changes: Any) -> dict[str, Any]:
    """Make a question about keys (the one inside, unless others are given)."""
    case = CASES[dataset]
    keys = keys or (case.inside,)
    message = make_message(fields=list(case.fields))
    if operation == "search":
        message["predicates"] = dict(case.predicates)
    elif operation == "batch":
        message["keys"] = list(keys)
    else:
        message["key"] = keys[0]
    if operation == "verify":
        del message["fields"]
        message["claims"] = dict(case.claims)
    return {**message, **changes}


def _act() -> Act:
    at = datetime.now(UTC)  # noqa: TID251  records of a test are made now
    return Act("test.recorded", at, "tester", "a test", "none", "invented")


def _person(pin: str, name: str, born: str, sex: Sex) -> Person:
    family, middle, given = name.split()
    return Person(pin, PersonName(name, family, middle, given), PartialDate.parse(born), sex)


def people(databases: Databases) -> dict[str, int]:
    """Enter people; give the numbers of the changes that tests read at.

    Lan lives in Hà Nội and her name is corrected; Tư moves from Bạc Liêu, as it was before the
    reform, to Cà Mau; Mơ is as Tư was, but never moved.
    """
    changes = {}
    enter = population_service
    with databases.writing("population") as session:
        for person in (
            _person(LAN, "Nguyễn Thị Lam", "1990-02-28", Sex.FEMALE),
            _person(TU, "Ngô Văn Tư", "1985-05", Sex.MALE),
            _person(MO, "Đặng Văn Mơ", "1985", Sex.MALE),
        ):
            on = date(2020, 1, 1)
            enter.register_person(session, act=_act(), person=person, on=on)
            address = HANOI if person.pin == LAN else BAC_LIEU
            changes[person.pin] = enter.register_residence(
                session,
                act=_act(),
                pin=person.pin,
                kind=ResidenceKind.PERMANENT,
                address=address,
                start=on,
            ).change
        enter.register_residence(
            session,
            act=_act(),
            pin=TU,
            kind=ResidenceKind.PERMANENT,
            address=CA_MAU,
            start=REFORM,
        )
    with databases.writing("population") as session:
        name = PersonName("Nguyễn Thị Lan", "Nguyễn", "Thị", "Lan")
        changes["corrected"] = enter.correct_item(
            session, act=_act(), pin=LAN, item="name", value=name
        ).change
    return changes


def namesakes(databases: Databases) -> None:
    """Enter two girls of Tư's name, who come before him by their numbers."""
    since = date(2025, 10, 1)
    with databases.writing("population") as session:
        for pin, born in ((CHILD, "2015-04-01"), (NEWBORN, "2025-09-09")):
            person = _person(pin, "Ngô Văn Tư", born, Sex.FEMALE)
            population_service.register_person(session, act=_act(), person=person, on=since)
            population_service.register_residence(
                session,
                act=_act(),
                pin=pin,
                kind=ResidenceKind.PERMANENT,
                address=HANOI,
                start=since,
            )


def enterprises(databases: Databases) -> None:
    """Enter two firms with a branch each: one in Cà Mau, one in Hà Nội."""
    hanoi = enterprise_values.Address(
        as_written="Số 1, Hà Nội",
        status="exact",
        street="Số 1",
        commune_code="00004",
        commune_version="19/2025",
        province_code="01",
    )
    far = firms.make_details(name_vi="CÔNG TY XA", address=hanoi)
    with databases.writing("enterprise") as session:
        for code, details, name in (
            (FIRM, firms.make_details(), "Chi nhánh gần"),
            (FAR_FIRM, far, "Chi nhánh xa"),
        ):
            firms.make_enterprise(session, _act(), code, details=details)
            enterprise_service.register_dependent_unit(
                session,
                act=_act(),
                enterprise_code=code,
                unit=enterprise_values.DependentUnit(
                    unit_code=f"{code}-001",
                    kind=enterprise_values.UnitKind.BRANCH,
                    name_vi=name,
                    address=details.address,
                    registered_on=date(2021, 1, 1),
                ),
            )


def _all_terms(operations: tuple[str, ...] = OPERATIONS) -> dict[str, Any]:
    return {
        name: {
            "fields": {
                one.name: "full" if "full" in one.formats else one.formats[0]
                for one in dataset.fields.values()
            },
            "predicates": list(dataset.predicates),
            "operations": list(operations),
        }
        for name, dataset in catalogue.DATASETS.items()
    }


def _some_terms(*operations: str, **more: Any) -> dict[str, Any]:
    return {
        name: {
            "fields": dict.fromkeys(case.fields, "full")
            | dict.fromkeys({"birth_full_name"} & catalogue.DATASETS[name].fields.keys(), "full"),
            "predicates": list(case.predicates),
            "operations": list(operations or OPERATIONS),
            **more,
        }
        for name, case in CASES.items()
    }


NAMING = {"pin": "full", "birth_full_name": "full", "full_name": "full"}
URGENT = {"pin": "full", "blood_group": "full", "birth_full_name": "full", "full_name": "full"}
YEARLY = {"pin": "pairwise_pseudonym", "date_of_birth": "year_only"}


def _citizens(*operations: str, fields: dict[str, str] | None = None) -> dict[str, Any]:
    terms = dict(_all_terms(operations)["population/citizen"])
    return {"population/citizen": {**terms, "fields": fields or terms["fields"]}}


def agreements() -> Iterator[tuple[str, dict[str, Any]]]:
    """Give client and agreement; a client of the same name may have several."""
    terms: dict[str, tuple[str, dict[str, Any]]] = {
        "full": ("H90", {"datasets": _all_terms()}),
        "by-key": ("H91", {"datasets": _some_terms("look-up", "batch")}),
        "by-words": ("H92", {"datasets": _some_terms("verify", "search")}),
        "ca-mau": (
            "H93",
            {
                "datasets": _all_terms(),
                "territory": {"version": "19/2025", "provinces": ["96"]},
            },
        ),
        "sparing": (
            "H94",
            {"datasets": _all_terms(), "quota": {"per_day": 5, "per_minute": None}},
        ),
        "portal": ("H88", {"datasets": _all_terms(), "purposes": ["subject.access"]}),
        "late": ("H95", {"datasets": _all_terms(), "valid_to": "2020-02-01"}),
        "careful": ("H96", {"datasets": _all_terms(), "procedures": ["2.001"]}),
        "stating": (
            "H97",
            {
                "datasets": {
                    "population/citizen": {
                        **_all_terms()["population/citizen"],
                        "required_claims": ["full_name"],
                    }
                }
            },
        ),
        "veiled": (
            "H98",
            {
                "datasets": {
                    "population/citizen": {
                        "fields": {
                            "pin": "pairwise_pseudonym",
                            "birth_full_name": "initials",
                            "date_of_birth": "year_only",
                            "old_id_9": "yes_no",
                        },
                        "predicates": [],
                        "operations": ["look-up"],
                    }
                }
            },
        ),
        "following": ("H80", {"datasets": _citizens("look-up", "feed", "batch")}),
        "naming": ("H81", {"datasets": _citizens("look-up", "feed", fields=NAMING)}),
        "yearly": ("H82", {"datasets": _citizens("look-up", "feed", fields=YEARLY)}),
        "nearby": (
            "H83",
            {
                "datasets": _citizens("look-up", "feed"),
                "territory": {"version": "19/2025", "provinces": ["96"]},
            },
        ),
        "urgent": (
            "H85",
            {
                "datasets": _citizens("look-up", fields=URGENT),
                "purposes": ["emergency"],
            },
        ),
        "urgent-too": (
            "H86",
            {
                "datasets": _citizens("look-up", fields=URGENT),
                "purposes": ["emergency"],
            },
        ),
        "urgent-late": (
            "H87",
            {
                "datasets": _citizens("look-up", fields=URGENT),
                "purposes": ["emergency"],
            },
        ),
        "recalling": ("H84", {"datasets": _citizens("feed", "batch")}),
    }
    for client, (agency, changes) in terms.items():
        yield client, make_agreement(agreement=f"G01-{agency}", consumer=agency, **changes)


def rights(databases: Databases, folder: Path) -> dict[str, OKPKey]:
    """Enter agencies, clients and agreements; give the private keys of clients."""
    at = datetime.now(UTC)  # noqa: TID251  as above
    entered = list(agreements())
    clients = {client: content["consumer"] for client, content in entered}
    clients |= {"stranger": "H99", "suspended": "H90", "leaving": "H90"}
    private = {name: keys.to_jwk(keys.make_private(folder / f"{name}.key")) for name in clients}
    agencies = {
        code: keys.to_jwk(keys.make_private(folder / f"agency_{code}.key"))
        for code in {"G01", *clients.values()}
    }
    with databases.writing("exchange") as session:
        for code, key in agencies.items():
            repository.save_agency(
                session, agency_code=code, name_vi=f"Cơ quan {code}", jwks=jwks(key), at=at
            )
        for client, code in clients.items():
            repository.save_client(
                session, client_id=client, agency_code=code, jwks=jwks(private[client]), at=at
            )
        for _, content in entered:
            bootstrap.enter_agreement(session, content, agencies, at)
    return private


def jwks(key: OKPKey) -> dict[str, Any]:
    """Give the public part of a key as a set."""
    return {"keys": [{**key.as_dict(private=False), "kid": key.thumbprint()}]}
