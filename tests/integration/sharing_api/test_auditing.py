"""The auditor's rules over a real log: who asks about whom, when, how much; and the worklist."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from databases.settings import Settings
from sample_country import cast_numbers
from sharing_api import bootstrap, tables
from sharing_api.access_log import entries, repository
from sharing_api.access_log.entries import Entry
from sharing_api.agreements import repository as agreements
from sharing_api.auditing import errors, search
from sharing_api.auditing.officers import Officers
from sharing_api.auditing.repository import findings, searches
from sharing_api.auditing.values import Finding, WantedEntries, WantedFindings
from sharing_api.auditing.watch import Done, Watch
from sharing_api.auditing.worklist import Worklist
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.in_house import Errand
from sharing_api.worklists import errors as worklist_errors
from sharing_api.worklists.values import State
from tests.factories.exchange import make_entry
from tests.integration.sharing_api.test_in_house import list_entries

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # nine o'clock in Viet Nam
LATER = MONDAY + timedelta(days=300)
FORMS = {"birth_registration": {"population/citizen": frozenset({"full_name"})}}
AGENCY = "H29"


@pytest.fixture(scope="module")
def errand() -> Errand:
    basis = bootstrap.usual_legal_basis("auditor")
    return Errand("auditor", "kt-01", "audit.kin", basis, "anomalies")


@pytest.fixture(scope="module")
def watch(corridor: Corridor, errand: Errand) -> Watch:
    watching = Watch(corridor, errand, lambda: LATER, FORMS)
    watching.run()  # what other tests left in the log
    return watching


@pytest.fixture(scope="module")
def worklist(corridor: Corridor) -> Worklist:
    return Worklist(corridor.databases, "kt-01", lambda: LATER)


@pytest.fixture(scope="module", autouse=True)
def filed(compared: Settings, corridor: Corridor) -> None:
    officers = Officers(corridor.databases, corridor.subject_key, lambda: LATER)
    lines = (
        "agency_code,officer,pin",
        f"{AGENCY},mai,{cast_numbers.CITIZEN}",
        f"{AGENCY},hau,{cast_numbers.CORRECTED}",
    )
    assert officers.file(lines) == 2


class Log:
    """Writes entries whose ids follow each other, from an hour of its own."""

    _hours = iter(range(1, 10_000))

    def __init__(self, corridor: Corridor) -> None:
        self._corridor = corridor
        self.at = MONDAY + timedelta(weeks=next(self._hours) % 40)

    def write(self, *several: dict[str, Any]) -> list[uuid.UUID]:
        made = [self._make(number, one) for number, one in enumerate(several)]
        with self._corridor.databases.committing("exchange") as connection:
            repository.append(connection, made, [entries.leaf_hash(one) for one in made])
        return [one.entry_id for one in made]

    def _make(self, number: int, changes: dict[str, Any]) -> Entry:
        at = changes.pop("at", self.at + timedelta(seconds=7 * number))
        pin = changes.pop("pin", None)
        tag = uuid.uuid4().bytes * 2
        if pin is not None:
            register = changes.get("dataset", "population/citizen").partition("/")[0]
            tag = entries.subject_tag(self._corridor.subject_key, register, pin)
        one = entries.new_answer_id(at)
        usual = {"agency": AGENCY, "client": "hcmc-one-stop", "subject_tag": tag}
        return make_entry(entry_id=one, answer_id=one, logged_at=at, **{**usual, **changes})


@pytest.fixture
def log(corridor: Corridor) -> Log:
    return Log(corridor)


def found_of(worklist: Worklist, officer: str, rule: str | None = None) -> list[Finding]:
    wanted = WantedFindings(rule=rule, agency=AGENCY)
    return [one for one in worklist.list(wanted, limit=1_000) if one.officer == officer]


class TestTies:
    def test_find_self_kin_and_colleague(
        self, watch: Watch, worklist: Worklist, log: Log, corridor: Corridor
    ) -> None:
        mark = len(list_entries(corridor))
        written = log.write(
            {"officer": "mai", "pin": cast_numbers.CITIZEN},
            {"officer": "mai", "pin": cast_numbers.HUSBAND},
            {"officer": "mai", "pin": cast_numbers.CORRECTED},
            {"officer": "hau", "pin": cast_numbers.HUSBAND},
            {"officer": "mai", "pin": cast_numbers.DEAD},
        )

        done = watch.run()

        rules = {
            (one.rule, str(worklist.show(one.finding_id).entries[0]["entry_id"]))
            for one in found_of(worklist, "mai")
        }
        assert rules == {
            ("self_look_up", str(written[0])),
            ("relative", str(written[1])),
            ("colleague", str(written[2])),
        }
        assert found_of(worklist, "hau") == []
        assert done.kin_asked == 2
        asked = [one for one in list_entries(corridor)[mark:] if one["purpose"] == "audit.kin"]
        assert len(asked) == 2  # each officer whose kin was asked stands in the log
        assert {one["agency"] for one in asked} == {"G20"}

    def test_see_the_same_person_in_another_register(
        self, watch: Watch, worklist: Worklist, log: Log
    ) -> None:
        log.write({"officer": "mai", "pin": cast_numbers.HUSBAND, "dataset": "land/holding"})

        done = watch.run()

        assert done.added == 1
        assert done.kin_asked == 0  # asked within thirty days
        assert {one.figures["dataset"] for one in found_of(worklist, "mai", "relative")} == {
            "population/citizen",
            "land/holding",
        }

    def test_keep_no_number_that_can_be_read(self, watch: Watch, corridor: Corridor) -> None:
        with corridor.databases.reading("exchange") as session:
            kept = [
                str(tuple(bytes(v) if isinstance(v, memoryview) else v for v in row))
                for table in (tables.audit.officer, tables.audit.officer_tie)
                for row in session.execute(select(table))
            ]

        assert len(kept) > 4
        assert [one for one in kept if cast_numbers.CITIZEN in one] == []


class TestProtected:
    def test_are_found_while_they_are_protected(
        self, watch: Watch, worklist: Worklist, log: Log, corridor: Corridor
    ) -> None:
        pin = cast_numbers.DEAD
        tag = entries.subject_tag(corridor.subject_key, "population", pin)
        began, ended = log.at + timedelta(hours=1), log.at + timedelta(hours=3)
        with corridor.databases.writing("exchange") as session:
            agreements.protect(
                session, subject_tag=tag, register="population", legal_basis="a test",
                entered_by="kt-01", at=began,
            )  # fmt: skip
            agreements.end_protection(session, subject_tag=tag, reason="over", at=ended)
        refused = {"rule": "protected", "fields": ()}
        ids = [
            log.write({"officer": "guard", "pin": pin, "at": log.at + timedelta(hours=n), **more})
            for n, more in ((0, {}), (2, refused), (4, {}))
        ]

        watch.run()

        (one,) = found_of(worklist, "guard", "protected_person")
        assert one.figures["outcome"] == "protected"
        shown = worklist.show(one.finding_id)
        assert [entry["entry_id"] for entry in shown.entries] == ids[1]


class TestHours:
    def test_find_what_is_tried_probed_and_done_at_night(
        self, watch: Watch, worklist: Worklist, log: Log
    ) -> None:
        log.write(*({"officer": "try", "rule": "not_found", "fields": ()} for _ in range(25)))
        refused = {"rule": "field.not_granted", "decision": "refused", "fields": ()}
        log.write(*({"officer": "probe", **refused} for _ in range(25)))
        night = log.at + timedelta(hours=14)
        log.write({"officer": "night", "at": night})
        log.write({"officer": "day", "at": log.at})

        watch.run()

        (tried,) = found_of(worklist, "try")
        assert (tried.rule, tried.figures["missed"], tried.entries) == ("enumeration", 25, 25)
        (probed,) = found_of(worklist, "probe")
        assert (probed.rule, probed.entries) == ("refused_burst", 25)
        (late,) = found_of(worklist, "night")
        assert (late.rule, late.last_at) == ("out_of_hours", night)
        assert found_of(worklist, "day") == []

    def test_find_a_sleeper_that_wakes(self, watch: Watch, worklist: Worklist, log: Log) -> None:
        log.write(
            {"officer": "sleeper"}, {"officer": "sleeper", "at": log.at - timedelta(weeks=15)}
        )

        watch.run()

        (woken,) = found_of(worklist, "sleeper")
        assert (woken.rule, woken.figures) == ("dormant_account", {"silent_days": 105})

    def test_find_more_than_a_form_needs(self, watch: Watch, worklist: Worklist, log: Log) -> None:
        asked = {
            "officer": "curious",
            "procedure": "birth_registration",
            "purpose": "public_service.birth_registration",
        }
        ids = log.write({**asked, "fields": ("full_name",)}, {**asked, "fields": ("religion",)})

        watch.run()

        (one,) = found_of(worklist, "curious")
        assert (one.rule, one.figures["beyond"]) == ("purpose_against_procedure", "religion")
        assert ids[1] in {entry["entry_id"] for entry in worklist.show(one.finding_id).entries}

    def test_find_an_agency_that_asks_far_more(
        self, watch: Watch, worklist: Worklist, log: Log
    ) -> None:
        for week in range(1, 8):
            log.write({"agency": "G18", "at": log.at - timedelta(weeks=week)})
        log.write(*({"agency": "G18", "officer": f"cb-{n % 9}"} for n in range(60)))

        watch.run()

        (one,) = worklist.list(WantedFindings(rule="volume", agency="G18"), limit=10)
        assert (one.officer, one.figures["usual"], one.entries) == ("", 1.0, 60)
        assert len(worklist.show(one.finding_id).entries) == 60


class TestRun:
    def test_finds_the_same_however_long_its_stretches_are(
        self, corridor: Corridor, worklist: Worklist, watch: Watch, log: Log
    ) -> None:
        for hour in range(6):
            at = log.at + timedelta(hours=hour)
            missed = {"officer": "slices", "rule": "not_found", "fields": ()}
            log.write(*({**missed, "at": at + timedelta(seconds=n)} for n in range(20)))
        watch.run()
        (whole,) = found_of(worklist, "slices")
        for hour in range(6):
            at = log.at + timedelta(hours=hour)
            missed = {"officer": "sliced", "rule": "not_found", "fields": ()}
            log.write(*({**missed, "at": at + timedelta(seconds=n)} for n in range(20)))

        done = Watch(corridor, None, lambda: LATER, FORMS, chunk=7).run()

        (sliced,) = found_of(worklist, "sliced")
        assert done.entries == 120
        assert (
            (sliced.entries, sliced.figures)
            == (whole.entries, whole.figures)
            == (120, sliced.figures)
        )

    def test_the_second_time_judges_nothing(self, watch: Watch, corridor: Corridor) -> None:
        watch.run()
        with corridor.databases.reading("exchange") as session:
            before = findings.list_wanted(session, WantedFindings(), limit=1_000)

        again = watch.run()

        assert (again.entries, again.added, again.reopened) == (0, 0, 0)
        with corridor.databases.reading("exchange") as session:
            assert findings.list_wanted(session, WantedFindings(), limit=1_000) == before

    def test_leaves_the_hour_under_way_for_later_unless_told(
        self, corridor: Corridor, errand: Errand, log: Log, watch: Watch
    ) -> None:
        watch.run()
        log.write({"officer": "now", "at": log.at + timedelta(minutes=50)})
        soon = Watch(corridor, errand, lambda: log.at + timedelta(minutes=64), FORMS)

        waited, told = soon.run(), soon.run(with_current_hour=True)

        assert (waited.entries, told.entries) == (0, 1)


class TestSettle:
    @pytest.fixture
    def finding(self, watch: Watch, worklist: Worklist, log: Log) -> Finding:
        log.write({"officer": "mai", "pin": cast_numbers.CITIZEN})
        watch.run()
        (one,) = found_of(worklist, "mai", "self_look_up")
        return one

    def test_is_kept_and_opened_again_by_new_evidence(
        self, watch: Watch, worklist: Worklist, log: Log, finding: Finding
    ) -> None:
        state = State.DISMISSED if finding.state is not State.DISMISSED else State.ACCEPTED
        settled = worklist.settle(finding.finding_id, state, "a test of the system, approved")
        quiet: Done = watch.run()
        log.write({"officer": "mai", "pin": cast_numbers.CITIZEN})

        done = watch.run()

        assert (settled.state, quiet.reopened, done.reopened) == (state, 0, 1)
        shown = worklist.show(finding.finding_id)
        assert (shown.finding.state, shown.finding.entries) == (State.OPEN, finding.entries + 1)
        steps = [(one.to_state, one.officer) for one in shown.steps[-2:]]
        assert steps == [(state.value, "kt-01"), ("open", "audit run")]
        assert len(shown.entries) == finding.entries + 1

    def test_needs_an_outcome(self, worklist: Worklist, finding: Finding) -> None:
        with pytest.raises(worklist_errors.ReasonMissing):
            worklist.settle(finding.finding_id, State.ACCEPTED, " ")

    @pytest.mark.parametrize("state", [State.OPEN, State.RESOLVED])
    def test_moves_to_another_state_only(
        self, worklist: Worklist, finding: Finding, state: State
    ) -> None:
        with pytest.raises(worklist_errors.NotToSettle):
            worklist.settle(finding.finding_id, state, "why not")

    def test_refuses_unknown_numbers(self, worklist: Worklist) -> None:
        with pytest.raises(worklist_errors.FindingNotFound):
            worklist.show(10**12)


class TestOfficers:
    @pytest.mark.parametrize(
        ("lines", "field", "rule"),
        [
            (["agency,officer,pin"], "line 1", "officers.columns"),
            (["agency_code,officer,pin", "H29,a"], "line 2", "officers.columns"),
            (["agency_code,officer,pin", "H29,a,1,2"], "line 2", "officers.columns"),
            (["agency_code,officer,pin", "X99,a,001190000018"], "line 2", "officers.agency"),
            (["agency_code,officer,pin", "H29,,001190000018"], "line 2", "officers.name"),
            (["agency_code,officer,pin", "H29,a\x07,001190000018"], "line 2", "officers.name"),
            (["agency_code,officer,pin", "H29,a,12"], "line 2", "officers.pin"),
            (["agency_code,officer,pin", *["H29,a,001190000018"] * 2], "line 3", "officers.twice"),
            ([], "line 1", "officers.columns"),
        ],
    )
    def test_are_refused_as_a_whole_with_the_line_named(
        self, corridor: Corridor, lines: list[str], field: str, rule: str
    ) -> None:
        officers = Officers(corridor.databases, corridor.subject_key, lambda: LATER)

        with pytest.raises(errors.OfficersUnreadable) as refused:
            officers.file(lines)

        assert [(one.field, one.rule) for one in refused.value.fields] == [(field, rule)]
        assert "001190000018" not in str(refused.value.fields)


class TestSearch:
    def test_is_saved_and_done_again(self, corridor: Corridor, log: Log) -> None:
        ids = log.write({"officer": "saved", "case_reference": "A"}, {"officer": "saved"})
        asked = search.Search(WantedEntries(officer="saved", case_reference="A"), days=400)
        with corridor.databases.writing("exchange") as session:
            search.save(session, "mine", asked, officer="kt-01", at=LATER)

            again = search.get(session, "mine")

            found = [row["entry_id"] for row in searches.stream(session, again.at(LATER))]
        assert again == asked
        assert found == ids[:1]

    @pytest.fixture
    def session(self, corridor: Corridor) -> Iterator[Any]:
        with corridor.databases.writing("exchange") as session:
            yield session

    @pytest.mark.parametrize("name", ["", "a b", "x" * 65, "a\n"])
    def test_has_a_name_that_can_be_typed(self, session: Any, name: str) -> None:
        with pytest.raises(errors.ImpossibleCondition):
            search.save(session, name, search.Search(WantedEntries()), officer="kt", at=LATER)

    def test_refuses_periods_that_hold_nothing(self) -> None:
        with pytest.raises(errors.ImpossibleCondition):
            search.Search(WantedEntries(since=LATER, until=LATER)).at(LATER)
        with pytest.raises(errors.ImpossibleCondition):
            search.Search(WantedEntries(), days=0).at(LATER)

    def test_refuses_names_that_were_not_saved(self, session: Any) -> None:
        with pytest.raises(errors.SearchNotFound):
            search.get(session, "nobody")
