import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from population import datasets
from sharing_api import errors
from sharing_api.agreements.values import Decision
from sharing_api.disclosure import forms, minimise
from sharing_api.disclosure.inquiry import Inquiry
from tests.factories.exchange import make_question

PIN, OTHER = "001190000001", "095085000002"
SECRET = b"s" * 32
HANOI = {"street": None, "province": {"code": "01", "version": "19/2025"}}
BAC_LIEU = {"street": None, "province": {"code": "95", "version": "124/2004"}}
RECORD = {
    "pin": PIN,
    "full_name": "Nguyễn Thị Hoà",
    "birth_full_name": {
        "full": "Nguyễn Thị Hoà",
        "family": "Nguyễn",
        "middle": "Thị",
        "given": "Hoà",
    },
    "date_of_birth": "1990-02-28",
    "sex": {"code": "2", "list": "sex", "version": "109/2017"},
    "old_id_9": None,
    "is_alive": True,
    "age": 36,
    "permanent_residence": HANOI,
}
CA_MAU = frozenset({("19/2025", "96"), ("124/2004", "95"), ("124/2004", "96")})


def make_inquiry(
    formats: Mapping[str, str],
    *,
    operation: str = "look-up",
    claims: Mapping[str, Any] | None = None,
    records: Mapping[str, Mapping[str, Any]] | None = None,
    territory: frozenset[tuple[str, str]] = frozenset(),
    agreement: str = "ab" * 32,
) -> Inquiry:
    claims = claims or {}
    found = {PIN: RECORD} if records is None else records
    return Inquiry(
        answer_id=uuid.UUID(int=1),
        received_at=datetime(2026, 3, 2, tzinfo=UTC),
        question=make_question(
            operation=operation,
            fields=tuple(name for name in formats if name not in claims),
            claims=tuple(claims),
        ),
        client="one-stop",
        officer="",
        case_reference="",
        request_hash=b"",
        form=forms.JSON,
        transport={},
        keys=() if operation == "search" and not found else (PIN, *(found.keys() - {PIN})),
        claims=claims,
        dataset=datasets.CITIZEN,
        decision=Decision(True, agreement, formats=dict(formats), territory=territory),
        records=dict(found),
    )


def cut(**more: Any) -> Inquiry:
    inquiry = make_inquiry(**more)
    minimise.minimise_all([inquiry], SECRET)
    return inquiry


class TestFormats:
    @pytest.mark.parametrize(
        ("field", "form", "value"),
        [
            ("date_of_birth", "full", "1990-02-28"),
            ("date_of_birth", "year_only", "1990"),
            ("full_name", "initials", "N. T. H."),
            ("birth_full_name", "initials", "N. T. H."),
            ("old_id_9", "yes_no", False),
            ("is_alive", "yes_no", True),
            ("permanent_residence", "yes_no", True),
            ("old_id_9", "pairwise_pseudonym", None),
            ("old_id_9", "year_only", None),
            ("old_id_9", "initials", None),
        ],
    )
    def test_gives_each_field_as_it_is_granted(self, field: str, form: str, value: Any) -> None:
        assert cut(formats={field: form}).records == {PIN: {field: value}}

    def test_gives_nothing_that_was_read_but_not_asked_for(self) -> None:
        assert cut(formats={"age": "full"}, territory=frozenset({("19/2025", "01")})).records == {
            PIN: {"age": 36}
        }


class TestPseudonym:
    def test_differs_between_agreements_and_agrees_within_one(self) -> None:
        formats = {"pin": "pairwise_pseudonym"}

        one, again = cut(formats=formats), cut(formats=formats)
        other = cut(formats=formats, agreement="cd" * 32)

        name = one.records[PIN]["pin"]
        assert name == again.records[PIN]["pin"] != other.records[PIN]["pin"]
        assert len(name) == 22
        assert PIN not in name

    def test_cannot_be_derived_without_the_secret(self) -> None:
        inquiry = make_inquiry({"pin": "pairwise_pseudonym"})
        minimise.minimise_all([inquiry], b"t" * 32)

        assert inquiry.records != cut(formats={"pin": "pairwise_pseudonym"}).records


class TestTerritory:
    @pytest.mark.parametrize(
        ("residence", "inside"),
        [
            (BAC_LIEU, True),
            ({"province": {"code": "96", "version": "19/2025"}}, True),
            ({"province": {"code": "96", "version": "124/2004"}}, True),
            ({"province": {"code": "95", "version": "19/2025"}}, False),
            (HANOI, False),
            ({"province": None}, False),
            (None, False),
        ],
    )
    def test_is_judged_in_the_vintage_of_the_record(self, residence: Any, inside: bool) -> None:
        record = {**RECORD, "permanent_residence": residence}

        inquiry = cut(formats={"age": "full"}, territory=CA_MAU, records={PIN: record})

        assert inquiry.records == ({PIN: {"age": 36}} if inside else {})
        assert inquiry.is_open is inside
        assert inquiry.outcomes == {PIN: "found" if inside else "outside_territory"}

    def test_outside_is_told_in_the_words_of_unknown(self) -> None:
        outside = cut(formats={"age": "full"}, territory=CA_MAU)
        unknown = cut(formats={"age": "full"}, territory=CA_MAU, records={})

        assert isinstance(outside.problem, errors.RecordNotFound)
        assert isinstance(unknown.problem, errors.RecordNotFound)
        assert outside.problem.message == unknown.problem.message
        assert outside.problem.fields == unknown.problem.fields

    def test_keeps_those_inside_of_a_batch_and_of_a_search(self) -> None:
        records = {PIN: RECORD, OTHER: {**RECORD, "pin": OTHER, "permanent_residence": BAC_LIEU}}

        batch = cut(formats={"age": "full"}, territory=CA_MAU, records=records, operation="batch")
        search = cut(formats={"age": "full"}, territory=CA_MAU, records=records, operation="search")

        assert batch.records == search.records == {OTHER: {"age": 36}}
        assert set(batch.keys) == {PIN, OTHER}
        assert search.keys == (OTHER,)
        assert batch.is_open
        assert search.is_open


class TestClaims:
    @pytest.mark.parametrize(
        ("name", "claim", "agrees"),
        [
            ("full_name", "nguyễn thị hòa", True),
            ("full_name", "NGUYEN THI HOA", True),
            ("full_name", "Nguyễn Thị Hồng", False),
            ("birth_full_name", "Nguyễn Thị Hoà", True),
            ("date_of_birth", "1990-02-28", True),
            ("date_of_birth", "1990", False),
            ("sex", "2", True),
            ("sex", {"code": "2", "list": "sex", "version": "109/2017"}, True),
            ("sex", {"code": "1"}, False),
            ("sex", {"code": "2", "version": "other"}, False),
            ("age", 36, True),
            ("age", "36", False),
            ("is_alive", True, True),
            ("is_alive", False, False),
            ("old_id_9", "", False),
        ],
    )
    def test_are_compared_as_the_law_compares_them(
        self, name: str, claim: Any, agrees: bool
    ) -> None:
        inquiry = cut(formats={name: "full"}, claims={name: claim}, operation="verify")

        assert inquiry.records == {PIN: {name: agrees}}

    def test_see_the_granted_format_only(self) -> None:
        formats = {"date_of_birth": "year_only"}

        year = cut(formats=formats, claims={"date_of_birth": "1990"}, operation="verify")
        day = cut(formats=formats, claims={"date_of_birth": "1990-02-28"}, operation="verify")

        assert year.records[PIN] == {"date_of_birth": True}
        assert day.records[PIN] == {"date_of_birth": False}

    def test_open_a_look_up_only_when_all_agree(self) -> None:
        formats = {"age": "full", "sex": "full", "date_of_birth": "full"}

        right = cut(formats=formats, claims={"sex": "2", "date_of_birth": "1990-02-28"})
        wrong = cut(formats=formats, claims={"sex": "1", "date_of_birth": "1990-02-28"})

        assert right.records == {PIN: {"age": 36}}
        assert wrong.records == {}
        assert isinstance(wrong.problem, errors.RecordNotFound)
        assert wrong.outcomes == {PIN: "claims_disagree"}


class TestMinimiseAll:
    def test_leaves_refused_questions_alone(self) -> None:
        inquiry = make_inquiry({"age": "full"}, records={})
        inquiry.problem = errors.AgreementRefuses("No.", rule="field.not_granted", field="fields")

        minimise.minimise_all([inquiry], SECRET)

        assert isinstance(inquiry.problem, errors.AgreementRefuses)
        assert inquiry.outcomes == {}

    def test_names_the_present_bearer_of_a_cancelled_number(self) -> None:
        inquiry = cut(formats={"age": "full"}, records={PIN: {**RECORD, "pin": OTHER}})

        assert inquiry.subjects == {PIN: OTHER}
