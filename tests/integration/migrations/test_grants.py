"""Who may write what: history is closed to everybody, tables are closed to readers."""

import importlib
from dataclasses import dataclass

import pytest
from sqlalchemy import Table, text
from sqlalchemy.exc import DBAPIError

from databases.changes import versions
from databases.settings import DATABASES, EXCHANGE, REGISTERS
from tests.integration.migrations.conftest import Site

# Tables that are no history. What the service may do to them beside reading.
_OF_A_REGISTER = {
    "change_head": {"UPDATE"},
    "code": {"INSERT", "UPDATE"},
    "code_list": {"INSERT", "UPDATE"},
    "code_succession": {"INSERT", "UPDATE"},
}
OTHERS: dict[str, dict[str, set[str]]] = {
    **{register: dict(_OF_A_REGISTER) for register in REGISTERS},
    "exchange": {
        "agency": {"INSERT", "UPDATE"},
        "agency_delegation": {"INSERT"},  # and UPDATE of its end, once
        "agency_key": {"INSERT"},  # and UPDATE of its end, once
        "agreement": {"INSERT"},  # and UPDATE of its status alone
        "assertion_use": {"INSERT", "DELETE"},
        "client": {"INSERT", "UPDATE"},
        "consistency_cursor": {"INSERT", "UPDATE"},
        "consistency_finding": {"INSERT"},  # and UPDATE of what becomes of it
        "consistency_mention": {"INSERT", "DELETE"},
        "consistency_record": {"INSERT"},
        "consistency_run": {"INSERT"},  # and UPDATE of what it did
        "consistency_touched": {"INSERT", "DELETE"},
        "link": {"INSERT"},  # and UPDATE of what becomes of it
        "link_cursor": {"INSERT", "UPDATE"},
        "link_entity": {"INSERT"},
        "link_likeness": {"INSERT", "UPDATE"},
        "link_member": {"INSERT", "UPDATE", "DELETE"},
        "link_mention": {"INSERT", "DELETE"},
        "link_run": {"INSERT"},  # and UPDATE of what it did
        "link_touched": {"INSERT", "DELETE"},
        "matching_entry": {"INSERT", "DELETE"},
        "matching_index": {"INSERT"},  # and UPDATE of how far it is
        "protected_subject": {"INSERT"},  # and UPDATE of its end, once
        "quota_minute": {"INSERT", "UPDATE", "DELETE"},
        "audit_activity": {"INSERT", "UPDATE"},
        "audit_finding": {"INSERT"},  # and UPDATE of what becomes of it
        "audit_run": {"INSERT"},  # and UPDATE of how far it came
        "audit_search": {"INSERT", "UPDATE"},
        "audit_use": {"INSERT", "UPDATE"},
        "emergency": {"INSERT"},  # and UPDATE of its review
        "notice": {"INSERT"},  # and UPDATE of its acknowledgement
        "recall_cursor": {"INSERT", "UPDATE"},
        "officer": {"INSERT"},  # and UPDATE of what was filed of them
        "officer_tie": {"INSERT", "DELETE"},
        "quota_window": {"INSERT", "UPDATE"},
        "subject_node": set(),  # the integrator's, made of the log
        "subject_state": set(),
        "witness": {"INSERT"},
    },
}
# History without versions: rows are added and never touched again. Who adds them.
APPENDED = {
    **{register: {"change": "service"} for register in REGISTERS},
    "exchange": {
        "access_entry": "service",
        "audit_event": "service",
        "audit_evidence": "service",
        "agreement_event": "service",
        "agreement_signature": "service",
        "checkpoint_cosignature": "service",
        "checkpoint_timestamp": "integrator",
        "consistency_event": "service",
        "link_calibration": "service",
        "link_event": "service",
        "log_checkpoint": "integrator",
        "notice_entry": "service",
        "log_leaf": "integrator",
        "log_tile": "integrator",
        "subject_commitment": "integrator",
        "withholding": "service",
    },
}
# Columns that the service may set later, by table.
LATER = {
    ("exchange", "agency_delegation"): {"ended_at", "end_reason"},
    ("exchange", "agency_key"): {"ended_at", "end_reason"},
    ("exchange", "agreement"): {"status"},
    ("exchange", "protected_subject"): {"ended_at", "end_reason"},
    ("exchange", "audit_finding"): {"state", "reason", "last_at", "entries", "figures"},
    ("exchange", "audit_run"): {"finished_at", "position", "entries"},
    ("exchange", "emergency"): {"state", "reviewed_at", "reviewer", "outcome"},
    ("exchange", "notice"): {"due_on", "acknowledged_at", "acknowledged_by", "remark"},
    ("exchange", "officer"): {"sealed_pin", "filed_at", "kin_read_at"},
    ("exchange", "consistency_finding"): {"confidence", "state", "reason"},
    ("exchange", "link"): {
        "left_content_tag",
        "left_change",
        "right_content_tag",
        "right_change",
        "model_version",
        "weight",
        "probability",
        "evidence",
        "state",
        "is_decided",
        "first_reviewer",
        "reason",
    },
    ("exchange", "link_run"): {"finished_at", "records_read", "links_judged"},
    ("exchange", "matching_index"): {
        *("version", "change", "valid_on", "next_change", "next_valid_on", "sealed_after"),
        *("lesson", "lesson_records", "sealed_lesson"),
    },
    ("exchange", "consistency_run"): {"finished_at", "records_read", "subjects_judged"},
}
_DENIED = "InsufficientPrivilege"
_CLOSED = "RestrictViolation"


@dataclass(frozen=True)
class Case:
    """A table of a database."""

    database: str
    table: Table

    def __str__(self) -> str:
        return self.table.fullname


def _tables(database: str) -> list[Table]:
    name = "sharing_api.tables" if database == EXCHANGE else f"{database}.tables"
    return list(importlib.import_module(name).metadata.sorted_tables)


ALL = [Case(database, table) for database in DATABASES for table in _tables(database)]
VERSIONED = [case for case in ALL if versions.KEY in case.table.info]
HISTORY = VERSIONED + [case for case in ALL if case.table.name in APPENDED[case.database]]


def _refusal(site: Site, role: str, statement: str) -> str | None:
    """Give the kind of error that a role gets for a statement; None if it may."""
    with site.engines[role].connect() as connection:
        try:
            connection.execute(text(statement))
        except DBAPIError as error:
            return type(error.orig).__name__
        finally:
            connection.rollback()
    return None


def _privileges(site: Site, role: str, table: Table) -> set[str]:
    with site.engines["owner"].connect() as connection:
        rows = connection.execute(
            text(
                "SELECT privilege FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE',"
                " 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS privilege"
                " WHERE has_table_privilege(:role, :name, privilege)"
            ),
            {"role": f"{site.database}_{role}", "name": table.fullname},
        )
        return set(rows.scalars())


def _columns_to_set(site: Site, role: str, table: Table) -> set[str]:
    with site.engines["owner"].connect() as connection:
        rows = connection.execute(
            text(
                "SELECT name FROM unnest(CAST(:names AS text[])) AS name"
                " WHERE has_column_privilege(:role, :table, name, 'UPDATE')"
            ),
            {
                "role": f"{site.database}_{role}",
                "table": table.fullname,
                "names": [column.name for column in table.columns],
            },
        )
        return set(rows.scalars())


class TestTables:
    @pytest.mark.parametrize("database", DATABASES)
    def test_are_history_or_named_as_something_else(self, database: str) -> None:
        names = {case.table.name for case in ALL if case.database == database}
        history = {case.table.name for case in HISTORY if case.database == database}

        assert names == history | OTHERS[database].keys()
        assert not history & OTHERS[database].keys()

    @pytest.mark.parametrize("case", ALL, ids=str)
    def test_are_closed_to_everybody_else(self, sites: dict[str, Site], case: Case) -> None:
        statement = text(
            "SELECT count(*) FROM pg_class, aclexplode(relacl) AS g"
            " WHERE pg_class.oid = CAST(:name AS regclass) AND g.grantee = 0"
        )
        with sites[case.database].engines["owner"].connect() as connection:
            granted = connection.execute(statement, {"name": case.table.fullname}).scalar_one()

        assert granted == 0


@pytest.mark.parametrize("case", HISTORY, ids=str)
class TestHistory:
    @pytest.mark.parametrize("statement", ["DELETE FROM {0}", "TRUNCATE {0}"])
    def test_cannot_be_removed_by_the_service(
        self, sites: dict[str, Site], case: Case, statement: str
    ) -> None:
        site = sites[case.database]

        assert _refusal(site, "service", statement.format(case.table.fullname)) == _DENIED

    def test_cannot_be_rewritten_by_the_service(self, sites: dict[str, Site], case: Case) -> None:
        may_end = {"to_change"} if versions.KEY in case.table.info else set()

        assert _columns_to_set(sites[case.database], "service", case.table) == may_end

    def test_cannot_be_emptied_even_by_the_owner(self, sites: dict[str, Site], case: Case) -> None:
        site = sites[case.database]

        assert _refusal(site, "owner", f"TRUNCATE {case.table.fullname} CASCADE") == _CLOSED

    def test_has_guards_that_no_session_can_switch_off(
        self, sites: dict[str, Site], case: Case
    ) -> None:
        statement = text(
            "SELECT tgname, tgenabled FROM pg_trigger"
            " WHERE tgrelid = CAST(:name AS regclass) AND NOT tgisinternal"
        )
        with sites[case.database].engines["owner"].connect() as connection:
            rows = connection.execute(statement, {"name": case.table.fullname}).all()

        assert {name for name, enabled in rows if enabled != "A"} == set()
        assert len(rows) >= (5 if versions.KEY in case.table.info else 2)


class TestVersionedTable:
    @pytest.mark.parametrize("case", VERSIONED, ids=str)
    def test_gives_the_service_reading_and_adding_only(
        self, sites: dict[str, Site], case: Case
    ) -> None:
        given = _privileges(sites[case.database], "service", case.table)

        assert given == {"SELECT", "INSERT"}

    @pytest.mark.parametrize("case", VERSIONED, ids=str)
    def test_refuses_to_be_rewritten(self, sites: dict[str, Site], case: Case) -> None:
        column = case.table.info[versions.KEY][0]
        statement = f"UPDATE {case.table.fullname} SET {column} = {column}"

        assert _refusal(sites[case.database], "service", statement) == _DENIED


class TestService:
    @pytest.mark.parametrize("case", [c for c in ALL if c not in HISTORY], ids=str)
    def test_may_do_what_is_named_only(self, sites: dict[str, Site], case: Case) -> None:
        site = sites[case.database]
        expected = OTHERS[case.database][case.table.name]

        assert _privileges(site, "service", case.table) == {"SELECT", *expected}
        if "UPDATE" not in expected:
            later = LATER.get((case.database, case.table.name), set())
            assert _columns_to_set(site, "service", case.table) == later

    @pytest.mark.parametrize("case", [c for c in HISTORY if c not in VERSIONED], ids=str)
    def test_adds_to_the_history_that_is_its_own(self, sites: dict[str, Site], case: Case) -> None:
        is_its_own = APPENDED[case.database][case.table.name] == "service"
        expected = {"SELECT", "INSERT"} if is_its_own else {"SELECT"}

        assert _privileges(sites[case.database], "service", case.table) == expected


@pytest.mark.parametrize("case", ALL, ids=str)
class TestReader:
    def test_may_read_only(self, sites: dict[str, Site], case: Case) -> None:
        site = sites[case.database]

        assert _privileges(site, "reader", case.table) == {"SELECT"}
        assert _columns_to_set(site, "reader", case.table) == set()

    @pytest.mark.parametrize("statement", ["DELETE FROM {0}", "INSERT INTO {0} DEFAULT VALUES"])
    def test_is_refused_when_it_writes(
        self, sites: dict[str, Site], case: Case, statement: str
    ) -> None:
        site = sites[case.database]

        assert _refusal(site, "reader", statement.format(case.table.fullname)) == _DENIED
