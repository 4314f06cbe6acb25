"""How rows become JSON-ready values: per field the columns it needs and what makes the value."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from databases import plans
from databases.changes.versions import AsOf
from databases.plans import Json, Reading
from enterprise import errors, values
from enterprise.rules import beneficial_owners, statuses

Entries = Sequence[Sequence[Any]] | None
_TYPE_VERSION = "59/2020"
_STATUS_VERSION = "168/2025"
_PERSON = ("party", "name", "birth_date", "nationality", "contact_address")
_MAJORITY = Decimal("0.5")


def _legal_type(code: str) -> Json:
    return plans.coded("enterprise_legal_type", _TYPE_VERSION, code)


def _status(code: int) -> Json:
    return plans.coded("enterprise_status", _STATUS_VERSION, str(int(code)))


def _legal_status(rows: Entries) -> Json:
    return _status(statuses.status_of([row[0] for row in rows or ()]))


def _status_history(rows: Entries) -> Json:
    names = ("from", "to", "reason", "decided_by", "decision_no")
    return [
        {"status": _status(code), **dict(zip(names, rest, strict=True))}
        for code, *rest in rows or ()
    ]


def _address(parts: Sequence[Any]) -> Json:
    street, commune, version, province, as_written, status, candidates = parts
    return {
        "street": street,
        "village": None,
        "commune": plans.coded("commune", version, commune),
        "province": plans.coded("province", version, province),
        "country": "VN",
        "as_written": as_written,
        "status": status,
        "candidates": candidates or [],
    }


def _lines(rows: Entries) -> Json:
    return [
        {"line": plans.coded("vsic", version, code), "is_principal": principal, "detail": detail}
        for version, code, principal, detail in rows or ()
    ]


def _principal(rows: Entries) -> Json:
    return next((plans.coded("vsic", row[0], row[1]) for row in rows or () if row[2]), None)


def _money(amount: str | None, currency: str) -> Json:
    return None if amount is None else {"amount": amount, "currency": currency}


def _is_state_owned(share: str | None) -> bool | None:
    return None if share is None else Decimal(share) > _MAJORITY


def _shares(par_value: str | None, classes: Json, currency: str) -> Json:
    if par_value is None and classes is None:
        return None
    return {"par_value": _money(par_value, currency), "classes": classes or []}


def _named(names: Sequence[str]) -> Callable[[Entries], Json]:
    def name_entries(rows: Entries) -> Json:
        return [_with_country(dict(zip(names, row, strict=True))) for row in rows or ()]

    return name_entries


def _with_country(entry: dict[str, Any]) -> dict[str, Any]:
    if "nationality" in entry:
        entry["nationality"] = plans.coded("country", "2020", entry["nationality"])
    return entry


def _units(rows: Entries) -> Json:
    return [
        {
            "unit_code": code,
            "kind": kind,
            "name_vi": name,
            "registered_on": registered_on,
            "address": _address(address),
        }
        for code, kind, name, registered_on, address in rows or ()
    ]


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _beneficial_owners(
    as_of: AsOf, code: str, legal_type: str, stakes: Entries, controllers: Entries
) -> Json:
    if not beneficial_owners.has_beneficial_owners(values.LegalType(legal_type), on=as_of.valid_on):
        return []
    holdings = []
    people: dict[str, Sequence[Any]] = {}
    for enterprise_code, *row in stakes or ():
        shares = (_decimal(row[6]), _decimal(row[7]))
        holdings.append(values.Holding(enterprise_code, row[0], *shares))
        people.setdefault(row[0], row[:5])
    held = []
    for entry in controllers or ():
        means = values.ControlMeans(entry[5])
        held.append(values.Controller(values.Party(entry[0]), entry[1], means))
        people.setdefault(entry[0], entry[:5])
    try:
        found = beneficial_owners.list_beneficial_owners(code, holdings, held, on=as_of.valid_on)
    except errors.SharesExceedWhole:
        return None  # said in the field's description: one bad file must not fail its neighbours
    return [
        {
            **_with_country(dict(zip(_PERSON, people[owner.party.ref], strict=True))),
            "capital_share": f"{owner.capital_share:f}",
            "voting_share": f"{owner.voting_share:f}",
            "grounds": list(owner.grounds),
        }
        for owner in found
    ]


_OWNER_NAMES = (
    *_PERSON,
    "kind",
    "capital_share",
    "voting_share",
    "contributed_amount",
    "asset_kind",
    "contribution_due_on",
)
ENTERPRISE: Mapping[str, Reading] = {
    **{
        name: Reading((name,))
        for name in (
            "enterprise_code", "name_vi", "name_foreign", "name_short", "registered_on",
            "registration_change_no", "phone", "email", "website", "employees",
            "tax_information", "state_share", "foreign_share",
        )
    },
    "legal_type": Reading(("legal_type",), _legal_type),
    "legal_status": Reading(("statuses",), _legal_status),
    "status_history": Reading(("status_history",), _status_history),
    "head_office": Reading(("head_office",), _address),
    "dependent_units": Reading(("dependent_units",), _units),
    "industry_lines": Reading(("industry_lines",), _lines),
    "principal_line": Reading(("industry_lines",), _principal),
    "tax_office": Reading(("tax_office_code",)),
    "charter_capital": Reading(("charter_capital_amount", "charter_capital_currency"), _money),
    "is_state_owned": Reading(("state_share",), _is_state_owned),
    "shares": Reading(
        ("share_par_value_amount", "share_classes", "charter_capital_currency"), _shares
    ),
    "legal_representatives": Reading(("representatives",), _named((*_PERSON, "sex", "title"))),
    "owners": Reading(("owners",), _named(_OWNER_NAMES)),
    "controllers": Reading(("controllers",), _named((*_PERSON, "means"))),
    "beneficial_owners": Reading(
        ("enterprise_code", "legal_type", "stakes_above", "controllers"),
        _beneficial_owners,
        dated=True,
    ),
    "predecessors": Reading(("predecessors",), _named(("enterprise_code", "kind", "on"))),
    "successors": Reading(("successors",), _named(("enterprise_code", "kind", "on"))),
}  # fmt: skip
UNIT: Mapping[str, Reading] = {
    **{
        name: Reading((name,))
        for name in (
            "unit_code", "enterprise_code", "kind", "name_vi", "name_foreign", "phone",
            "registered_on",
        )
    },
    "address": Reading(("address",), _address),
}  # fmt: skip
