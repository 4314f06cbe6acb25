"""Requests of an invented hospital, and inquiries as the corridor would have filled them in."""

import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from fastapi import Request

from sharing_api.agreements.credentials import Caller
from sharing_api.agreements.values import DatasetTerms, Decision, Question, Terms
from sharing_api.disclosure.inquiry import Form, Inquiry
from sharing_api.disclosure.request import Asked
from sharing_api.protocols.dialects import Incoming
from sharing_api.protocols.fhir.references import References

AGENCY = "G18.90"
CARD, PIN, NUMBER = "HT2010123456789", "001190000001", "0123456789"
REFERENCES = References(b"r" * 32)
BASE = "http://exchange.example/fhir"
TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def make_incoming(
    target: str = "/fhir/Coverage",
    *,
    body: bytes | None = None,
    granted: Mapping[str, Mapping[str, str]] | None = None,
    path_params: Mapping[str, str] | None = None,
    **headers: str,
) -> Incoming:
    """Make a request; one with a body is a POST."""
    path, _, query = target.partition("?")
    usual = {"host": "exchange.example", "accept": "application/fhir+json"}
    if body is not None:
        usual["content-type"] = "application/fhir+json"
    given = usual | {name.replace("_", "-"): value for name, value in headers.items()}
    scope = {
        "type": "http",
        "method": "GET" if body is None else "POST",
        "scheme": "http",
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "path_params": dict(path_params or {}),
    }
    caller = Caller(agency=AGENCY, client="hospital", expires_at=0)
    return Incoming(Request(scope), given, body or b"", caller, (_terms(granted or {}),))


def _terms(granted: Mapping[str, Mapping[str, str]]) -> Terms:
    return Terms(
        agreement_hash="ab" * 32,
        provider="G12",
        consumer=AGENCY,
        purposes=frozenset({"health.treatment"}),
        legal_bases=frozenset({"invented"}),
        procedures=frozenset(),
        datasets={
            name: DatasetTerms(fields, frozenset(), frozenset({"look-up", "batch"}))
            for name, fields in granted.items()
        },
        territory=frozenset(),
        in_force=True,
        valid_from=date(2020, 1, 1),
        valid_to=None,
        daily_quota=None,
    )


def make_inquiry(
    asked: Asked,
    records: Mapping[str, Mapping[str, Any]],
    form: Form,
    *,
    subject: str = NUMBER,
    pseudonyms: tuple[str, ...] = (),
) -> Inquiry:
    """Make the inquiry of a question that was answered with records."""
    formats = dict.fromkeys(asked.fields, "full") | dict.fromkeys(pseudonyms, "pairwise_pseudonym")
    return Inquiry(
        answer_id=uuid.UUID(int=7),
        received_at=NOW,
        question=Question(AGENCY, asked.dataset, asked.operation, asked.fields, "", "", ""),
        client="hospital",
        officer="",
        case_reference="",
        request_hash=bytes(32),
        form=form,
        transport={},
        keys=asked.keys,
        valid_on=asked.valid_on or TODAY,
        decision=Decision(permitted=True, formats=formats),
        records=dict(records),
        subjects=dict.fromkeys(records, subject),
    )
