"""The 49-column form with its named dirt, loaded into a real land register."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.orm import Session

from command_line import land_load
from databases.changes.ledger import Act
from databases.code_lists import reading
from databases.code_lists import values as lists
from databases.code_lists.catalogue import Catalogue
from databases.loading import mapping as mappings
from databases.settings import Settings
from land import service
from land.values.forms import FormOutcome
from sample_country import country, land_form
from sample_country.land_form import Row
from tests.conftest import ROOT

ROWS = 300
TODAY = date(2026, 3, 2)
# Dirt → the flag that says what was done about it, or the rule that rejects the row.
FLAGS = {
    "certificate_label": "certificate.label_removed",
    "certificate_separators": "certificate.separators_removed",
    "certificate_stuck": "certificate.label_stuck",
    "certificate_lookalike": "certificate.letters_for_digits",
    "certificate_missing": "certificate.empty",
    "certificate_unreadable": "certificate.unreadable",
    "birth_year_only": "birth_date.year_only",
    "organisation_tax_code": "organisation_id.tax_code",
    "organisation_unknown": "organisation_id.missing",
    "pin_missing": "pin.missing",
    "pin_nine_digits": "pin.old_card",
    "pin_short": "pin.unreadable",
    "numbers_swapped": "numbers.swapped",
    "purpose_words": "use.words",
    "purpose_combined": "use.combined",
    "area_comma": "area.comma",
    "date_impossible": "issued_on.unreadable",
}
RULES = {
    "area_words": "form.area",
    "commune_unknown": "code.unknown",
    "holder_missing": "form.holder",
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return reading.load_catalogue()


@pytest.fixture(scope="module")
def rows(catalogue: Catalogue) -> list[Row]:
    drawn = country.generate(catalogue, size=2_000, seed=3)
    return land_form.fill_in(drawn, rows=ROWS)


@pytest.fixture(scope="module")
def read(
    rows: list[Row], catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> land_load.Read:
    file = tmp_path_factory.mktemp("form") / "form.csv"
    land_form.write(rows, file)
    mapping = mappings.read_mapping(ROOT / "land" / "mappings" / "clean_up_form.toml")
    return land_load.read_form(file, mapping, catalogue, TODAY)


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    engine = create_engine(settings.url("land", "service"), poolclass=NullPool)
    with Session(engine) as opened:
        yield opened
        opened.rollback()
    engine.dispose()


def load(
    session: Session, catalogue: Catalogue, act: Act, read: land_load.Read
) -> list[FormOutcome]:
    communes = catalogue.list_codes(lists.COMMUNE, lists.SINCE_REFORM)
    parents = {commune.code: catalogue.find_parent(commune) for commune in communes}
    provinces = {code: parent.code for code, parent in parents.items() if parent}
    return service.load_form(
        session, act=act, parcels=read.parcels.values(), provinces=provinces, on=TODAY
    )


class TestReadForm:
    def test_loses_no_row(self, read: land_load.Read) -> None:
        understood = {row.line for rows in read.parcels.values() for row in rows}
        rejected = {reject.line for reject in read.rejects}

        assert read.total == ROWS
        assert not understood & rejected
        assert understood | rejected == set(range(2, ROWS + 2))

    def test_flags_every_named_dirt(self, rows: list[Row], read: land_load.Read) -> None:
        flags = {row.line: row.flags for found in read.parcels.values() for row in found}

        for line, row in enumerate(rows, start=2):
            for dirt in row.dirt:
                if line in flags and dirt in FLAGS:
                    assert FLAGS[dirt] in flags[line], (line, dirt)

    def test_rejects_only_what_cannot_stand(self, rows: list[Row], read: land_load.Read) -> None:
        rules = defaultdict(set)
        for reject in read.rejects:
            rules[reject.line].add(reject.rule)

        for line, row in enumerate(rows, start=2):
            expected = {RULES[dirt] for dirt in row.dirt if dirt in RULES}
            if expected:
                assert rules[line] & expected, (line, row.dirt)
            elif line in rules:
                assert rules[line] == {"form.parcel_refused"}

    def test_keeps_what_was_written(self, rows: list[Row], read: land_load.Read) -> None:
        for found in read.parcels.values():
            for row in found:
                written = rows[row.line - 2].cells

                assert {name: text for name, text in written.items() if text} == row.cells


class TestLoadForm:
    def test_registers_every_parcel_that_was_understood(
        self, session: Session, catalogue: Catalogue, act: Act, read: land_load.Read
    ) -> None:
        outcomes = load(session, catalogue, act, read)

        assert Counter(one.outcome for one in outcomes) == {"inserted": len(read.parcels)}, [
            one for one in outcomes if one.outcome == "refused"
        ]
        found = session.execute(
            text("SELECT count(DISTINCT parcel_id) FROM land.parcel WHERE parcel_id LIKE 'PL3%'")
        ).scalar_one()
        assert found == len(read.parcels)

    def test_changes_nothing_the_second_time(
        self, session: Session, catalogue: Catalogue, act: Act, read: land_load.Read
    ) -> None:
        load(session, catalogue, act, read)
        before = session.execute(text("SELECT last_change FROM land.change_head")).scalar_one()

        again = load(session, catalogue, act, read)

        after = session.execute(text("SELECT last_change FROM land.change_head")).scalar_one()
        assert {one.outcome for one in again} == {"unchanged"}
        assert before == after

    def test_refuses_a_parcel_that_is_held_with_other_values(
        self, session: Session, catalogue: Catalogue, act: Act, read: land_load.Read
    ) -> None:
        load(session, catalogue, act, read)
        name = next(iter(read.parcels))
        larger = [
            service.read_form_row(row.line, {**row.cells, "parcel_area": "99999"})
            for row in read.parcels[name]
        ]

        outcomes = load(session, catalogue, act, land_load.Read(1, {name: larger}, []))

        assert [(one.outcome, one.rule) for one in outcomes] == [
            ("refused", "register.holds_other_values")
        ]
