"""Smallest valid agreements, terms, questions and log entries of the exchange; all invented."""

import dataclasses
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sharing_api.access_log.entries import Entry
from sharing_api.agreements.values import DatasetFacts, FieldFacts, Question

LAW = "Decree 194/2025/NĐ-CP art. 16"
PURPOSE = "public_service.residence"
DATASET = "population/citizen"

FACTS = DatasetFacts(
    name=DATASET,
    fields={
        "pin": FieldFacts(formats=frozenset({"full", "pairwise_pseudonym"})),
        "name": FieldFacts(formats=frozenset({"full", "initials"})),
        "born": FieldFacts(formats=frozenset({"full", "year_only"})),
        "age": FieldFacts(sources=("born",)),
        "title": FieldFacts(sources=("name", "born")),
    },
    predicates={"name": ("name",), "born": ("born",), "person": ("name", "born")},
    matched={
        "full_name": "name",
        "birth_date": "born",
        "personal_number": "pin",
        "mother_name": "title",
    },
)


def make_terms_content(**changes: Any) -> dict[str, Any]:
    """Make what an agreement says of one dataset."""
    return {
        "fields": {"pin": "full", "name": "full", "born": "full"},
        "predicates": ["name"],
        "operations": ["look-up", "verify", "batch", "search"],
        **changes,
    }


def make_agreement(**changes: Any) -> dict[str, Any]:
    """Make the content of an agreement that conforms to the published schema."""
    contact = {"email": "somebody@example.vn"}
    return {
        "standard": "agreement/1.1",
        "agreement": "G01-H90-test",
        "version": 1,
        "previous": None,
        "title": "Chia sẻ dữ liệu thử",
        "provider": "G01",
        "consumer": "H90",
        "legal_basis": [LAW],
        "purposes": [PURPOSE],
        "procedures": [],
        "datasets": {DATASET: make_terms_content()},
        "territory": None,
        "population": None,
        "quota": None,
        "retention": {"days": 365, "afterwards": "delete"},
        "valid_from": "2020-01-01",
        "valid_to": None,
        "contact": {"provider": contact, "consumer": contact},
        "delegates": [],
        **changes,
    }


def make_question(**changes: Any) -> Question:
    """Make a question that `make_agreement` allows."""
    question = Question(
        consumer="H90",
        dataset=DATASET,
        operation="look-up",
        fields=("name",),
        purpose=PURPOSE,
        legal_basis=LAW,
        procedure="",
    )
    return dataclasses.replace(question, **changes)


def make_message(**changes: Any) -> dict[str, Any]:
    """Make the body of a question, without key, fields or predicates."""
    return {"purpose": PURPOSE, "legal_basis": LAW, "officer": "cb-01", "case": "H-7", **changes}


def make_entry(number: int = 0, /, **changes: Any) -> Entry:
    """Make an entry of the access log; every number gives an id of its own."""
    values: Mapping[str, Any] = {
        "entry_id": uuid.UUID(int=(7 << 76) | (2 << 62) | number),
        "answer_id": uuid.UUID(int=(7 << 76) | (2 << 62) | number),
        "logged_at": datetime(2026, 3, 2, 8, 0, 0, 123_456, tzinfo=UTC),
        "agency": "H90",
        "client": "one-stop",
        "officer": "cb-01",
        "subject_tag": bytes(range(32)),
        "dataset": DATASET,
        "operation": "look-up",
        "purpose": PURPOSE,
        "legal_basis": LAW,
        "procedure": "",
        "case_reference": "H-7",
        "agreement_hash": "ab" * 32,
        "decision": "permitted",
        "rule": "found",
        "fields": ("date_of_birth", "full_name"),
        "request_hash": bytes(32),
        "answer_hash": bytes(range(32, 64)),
        "register_change": 7,
        "valid_on": date(2026, 3, 2),
        "transport": {},
    }
    return Entry(**{**values, **changes})
