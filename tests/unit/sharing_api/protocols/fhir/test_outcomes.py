import pytest
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.operationoutcome import OperationOutcome

from databases import errors as kinds
from databases.errors import FieldProblem, RegisterError
from sharing_api import errors
from sharing_api.protocols.fhir import capability, outcomes


class TestDocument:
    @pytest.mark.parametrize(
        ("error", "issue_type"),
        [
            (errors.Malformed("x"), "structure"),
            (errors.Unauthenticated("x"), "login"),
            (
                errors.AgreementRefuses("x", rule="field.not_granted", field="fields.pin"),
                "forbidden",
            ),
            (errors.RecordNotFound("x"), "not-found"),
            (errors.TooMany("x", retry_after_seconds=1), "throttled"),
            (errors.LogUnavailable("x"), "transient"),
            (kinds.Conflict("x"), "exception"),
        ],
    )
    def test_is_an_operation_outcome(self, error: RegisterError, issue_type: str) -> None:
        document = outcomes.document(error, instance="urn:uuid:1")

        OperationOutcome.model_validate(document)
        assert document["issue"][0]["code"] == issue_type
        assert document["issue"][0]["details"]["coding"][0]["code"] == error.code

    def test_names_every_place(self) -> None:
        fields = [FieldProblem("A.b", "r", "m"), FieldProblem("A.c", "r", "m")]

        document = outcomes.document(kinds.Invalid("x", fields=fields), instance="urn:uuid:1")

        assert [one["expression"] for one in document["issue"]] == [["A.b"], ["A.c"]]


class TestCapabilityStatement:
    def test_is_fhir(self) -> None:
        CapabilityStatement.model_validate(capability.document("http://exchange.example/fhir"))
