"""Quarters, opening hours, pages, files and signatures."""

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sharing_api import keys
from sharing_api.access_log import entries
from sharing_api.auditing import errors, exports, office_hours, pages, signing
from sharing_api.auditing.quarterly import Quarter, Report
from tests.factories.exchange import make_entry

REPORT = b"<html>a report</html>"


class TestQuarter:
    @pytest.mark.parametrize(
        ("text", "since", "until"),
        [("2026Q1", "2026-01-01", "2026-04-01"), ("2026Q4", "2026-10-01", "2027-01-01")],
    )
    def test_begins_at_midnight_in_viet_nam(self, text: str, since: str, until: str) -> None:
        quarter = Quarter.parse(text)

        assert quarter.since.isoformat() == f"{since}T00:00:00+07:00"
        assert quarter.until.isoformat() == f"{until}T00:00:00+07:00"

    @pytest.mark.parametrize("text", ["", "2026", "2026Q5", "2026Q0", "26Q1", "0000Q1", "２026Q1"])
    def test_refuses_other_forms(self, text: str) -> None:
        with pytest.raises(errors.ImpossibleQuarter):
            Quarter.parse(text)


class TestOpenDays:
    def test_leave_the_weekend_out(self) -> None:
        days = office_hours.list_open_days(date(2026, 3, 6), date(2026, 3, 9))

        assert [one.day.isoformat() for one in days] == ["2026-03-06", "2026-03-09"]
        assert days[0].opens.astimezone(UTC) == datetime(2026, 3, 6, 0, tzinfo=UTC)
        assert days[0].closes.astimezone(UTC) == datetime(2026, 3, 6, 11, tzinfo=UTC)

    def test_leave_holidays_out(self) -> None:
        days = office_hours.list_open_days(date(2026, 4, 29), date(2026, 5, 4))

        assert [one.day.isoformat() for one in days] == ["2026-04-29", "2026-05-04"]


class TestPages:
    def test_let_nothing_of_a_value_act(self) -> None:
        page = pages.page("<b>", [pages.table("&", ["<i>"], [["<script>x</script>"]])])

        assert b"<script>" not in page
        assert b"&lt;script&gt;" in page
        assert b"<b>" not in page

    def test_say_that_there_is_nothing(self) -> None:
        assert "none" in pages.table("empty", ["a"], [])


class TestReport:
    def test_names_agencies_and_holds_every_flow(self) -> None:
        flow = dict.fromkeys(("questions", "answered", "refused", "subjects", "officers"), 1_234)
        flows = [{**flow, "provider": "", "consumer": "H26", "dataset": "population/citizen"}]
        made_at = datetime(2026, 4, 2, tzinfo=UTC)
        report = Report(Quarter.parse("2026Q1"), made_at, {"H26": "Hà Nội"}, flows, *[[]] * 5)

        page, table = report.to_html().decode(), report.to_csv()

        assert "H26 Hà Nội" in page
        assert "(no agreement)" in page
        assert "1,234" in page
        assert "has not ended" not in page
        assert table.splitlines()[1] == "2026Q1,,H26,population/citizen,1234,1234,1234,1234,1234"


class TestSigning:
    KEY = Ed25519PrivateKey.generate()

    def published(self, key: Ed25519PrivateKey, purpose: str = "receipt") -> dict[str, object]:
        jwk = keys.to_jwk(key)
        public = {**jwk.as_dict(private=False), "kid": jwk.thumbprint(), "x-purpose": purpose}
        return {"keys": [public]}

    def test_is_right_for_these_bytes_and_this_key_only(self) -> None:
        signature = signing.sign(REPORT, self.KEY)
        own, other = self.published(self.KEY), self.published(Ed25519PrivateKey.generate())

        assert signing.is_signed(REPORT, signature, own)
        assert not signing.is_signed(REPORT + b" ", signature, own)
        assert not signing.is_signed(REPORT, signature, other)
        assert not signing.is_signed(REPORT, signature, self.published(self.KEY, "token"))

    @pytest.mark.parametrize("signature", ["", "a", "a.b.c", "..", "é..é", "eyJ..x"])
    def test_refuses_what_is_no_signature(self, signature: str) -> None:
        assert not signing.is_signed(REPORT, signature, self.published(self.KEY))

    @pytest.mark.parametrize("published", [{}, {"keys": []}, {"keys": [{"x-purpose": "receipt"}]}])
    def test_refuses_what_are_no_keys(self, published: dict[str, object]) -> None:
        assert not signing.is_signed(REPORT, signing.sign(REPORT, self.KEY), published)


class TestExports:
    def row(self, **changes: object) -> dict[str, object]:
        entry = make_entry(transport={"x-road-id": "7"}, **changes)
        values = {name: getattr(entry, name) for name in entries.Entry.__slots__}
        return {**values, "fields": list(entry.fields), "leaf_hash": bytes(32), "position": 1}

    def test_of_csv_hold_no_formula(self, tmp_path: Path) -> None:
        path = tmp_path / "log.csv"

        count = exports.write_csv(path, [self.row(officer="=HYPERLINK(1)", case_reference="-1+1")])

        with path.open(encoding="utf-8", newline="") as file:
            (read,) = csv.DictReader(file)
        assert count == 1
        assert read["officer"] == "'=HYPERLINK(1)"
        assert read["case_reference"] == "'-1+1"
        assert read["fields"] == "date_of_birth full_name"
        assert read["logged_at"] == "2026-03-02T08:00:00.123456Z"

    def test_of_parquet_hold_everything_as_it_is(self, tmp_path: Path) -> None:
        path = tmp_path / "log.parquet"

        count = exports.write_parquet(path, [self.row(officer="=x", subject_tag=None)])

        (read,) = pq.read_table(path).to_pylist()
        assert count == 1
        assert read["officer"] == "=x"
        assert read["subject_tag"] is None
        assert read["fields"] == ["date_of_birth", "full_name"]
        assert read["leaf_hash"] == "00" * 32
        assert read["transport"] == "x-road-id=7"
        assert json.dumps(read["logged_at"].isoformat()) == '"2026-03-02T08:00:00.123456+00:00"'
