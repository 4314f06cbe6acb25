"""What merges of staged files do alike."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from databases.changes import staged


@pytest.fixture
def session(enterprise_session: Session) -> Session:
    rows = "(VALUES ('a', 'inserted'), ('b', 'inserted'), ('c', 'unchanged')) AS r (key, outcome)"
    enterprise_session.execute(
        text(f"CREATE TEMPORARY TABLE merge_outcome ON COMMIT DROP AS SELECT * FROM {rows}")
    )
    return enterprise_session


class TestCountOutcomes:
    def test_counts_the_rows_of_each(self, session: Session) -> None:
        assert staged.count_outcomes(session) == {"inserted": 2, "unchanged": 1}


class TestRun:
    def test_reads_the_staging_table(self, session: Session) -> None:
        staged.run(
            session, "DELETE FROM $staging$ WHERE key = :key", "pg_temp.merge_outcome", {"key": "a"}
        )

        assert staged.count_outcomes(session) == {"inserted": 1, "unchanged": 1}

    @pytest.mark.parametrize("name", ["a; b", "A", 'a"', "a.b.c", ""])
    def test_refuses_a_name_that_is_not_plain(self, session: Session, name: str) -> None:
        with pytest.raises(staged.WrongStagingTable):
            staged.run(session, "SELECT FROM $staging$", name)


class TestRunOver:
    STATEMENT = (
        "UPDATE merge_outcome m SET outcome = given.outcome"
        " FROM json_to_recordset(:given) AS given (key text, outcome text)"
        " WHERE m.key = given.key"
    )

    def test_hands_over_all_rows_at_once(self, session: Session) -> None:
        given = [{"key": "a", "outcome": "wrong"}, {"key": "c", "outcome": "wrong"}]

        staged.run_over(session, self.STATEMENT, given)

        assert staged.count_outcomes(session) == {"inserted": 1, "wrong": 2}

    def test_needs_no_statement_for_no_rows(self, session: Session) -> None:
        staged.run_over(session, "no statement", [])


class TestDropTemporary:
    def test_lets_a_second_merge_compare_anew(self, session: Session) -> None:
        staged.drop_temporary(session, [staged.OUTCOMES, "never_made"])

        found = session.execute(text("SELECT to_regclass('pg_temp.merge_outcome')")).scalar_one()
        assert found is None
