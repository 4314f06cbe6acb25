"""What the benchmark of loads can load: invented files, and what the register must hold before."""

import contextlib
import csv
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from command_line import steward
from databases import identifiers
from databases.code_lists import catalogue as catalogues
from databases.code_lists import values
from databases.loading import mapping as mappings
from databases.loading import reference, run
from databases.loading.targets import Target

ROOT = Path(__file__).resolve().parent.parent
ON = date(2026, 3, 2)
RECORDED_AT = datetime(2026, 3, 2, 8, tzinfo=UTC)

_WORDS = ("An", "Bình", "Đại", "Hưng", "Kim", "Long", "Minh", "Phát", "Tân", "Thịnh", "Xuân")
_TYPES = (
    "Công ty trách nhiệm hữu hạn một thành viên",
    "Công ty trách nhiệm hữu hạn hai thành viên trở lên",
    "Công ty cổ phần",
    "Doanh nghiệp tư nhân",
)
_FIRST_UNIT, _UNITS = 2_000_001, 500

Progress = Callable[[str, int, int], None]
Load = Callable[[Engine, Path, catalogues.Catalogue, Progress], Mapping[str, int]]


@dataclass(frozen=True)
class Subject:
    """What is loaded.

    Args:
        register: that takes it.
        tables: that a load writes to.
        load: a file into the register, in a transaction that it commits; gives outcome → rows, and
            tells step, rows done and rows expected on its way.
        write_file: invents a file of so many rows.
        prepare: records what the rows refer to, before anything is measured.
    """

    register: str
    tables: tuple[str, ...]
    load: Load
    write_file: Callable[[Path, int, catalogues.Catalogue], None]
    prepare: Callable[[Engine, int], None] = lambda _engine, _rows: None


@contextlib.contextmanager
def committed(engine: Engine) -> Iterator[Session]:
    """Open a transaction that commits when the block ends without an error."""
    with Session(engine) as session, session.begin():
        yield session


def staged(mapping: str, make_target: Callable[[], Target]) -> Load:
    """Make the load of a mapped file, as `./natdb load` does it.

    Args:
        mapping: file, from the root of the project.
        make_target: makes the register's side of the load.
    """

    def load(
        engine: Engine, source: Path, catalogue: catalogues.Catalogue, progress: Progress
    ) -> Mapping[str, int]:
        chosen = mappings.read_mapping(ROOT / mapping)
        job = run.Job(
            source=source,
            mapping=chosen,
            folder=source.parent / "out",
            on=ON,
            as_of=None,
            recorded_at=RECORDED_AT,
            recorded_by="benchmark",
            workers=steward.count_workers(source, chosen),
        )
        gathered = reference.gather(catalogue, ON)
        return run.load(lambda: committed(engine), make_target(), job, gathered, progress).outcomes

    return load


def invent_codes(rows: int) -> Iterator[str]:
    """Count up enterprise codes with right check digits."""
    number = 99 * 10**7
    while rows:
        number += 1
        digit = identifiers.check_digit(f"{number:09d}")
        if digit is not None:
            yield f"{number:09d}{digit}"
            rows -= 1


def write_enterprises(path: Path, rows: int, catalogue: catalogues.Catalogue) -> None:
    """Invent enterprises, their lines and addresses in the three levels before July 2025."""
    dice = random.Random(rows)
    places = []
    for commune in catalogue.list_codes(values.COMMUNE, values.BEFORE_REFORM):
        district = catalogue.find_parent(commune)
        province = catalogue.find_parent(district) if district else None
        if district and province:
            places.append(f"{commune.name}, {district.name}, {province.name}, Việt Nam")
    divisions = [c.code for c in catalogue.list_codes("vsic", "27/2018") if c.level == 2]
    header = (
        "enterprise_code,name,enterprise_type,head_office_address,charter_capital_vnd,issue_date,"
        "main_line_code,business_lines"
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        for code in invent_codes(rows):
            lines = [f"{dice.choice(divisions)}{dice.randint(10, 99)}" for _ in range(3)]
            writer.writerow(
                (
                    code,
                    f"CÔNG TY {' '.join(dice.choices(_WORDS, k=4))} {code[3:8]}",
                    dice.choice(_TYPES),
                    f"Số {dice.randint(1, 999)}, đường {dice.choice(_WORDS)}, "
                    + dice.choice(places),
                    dice.randint(1, 900) * 10**8,
                    date(2000, 1, 1) + timedelta(days=dice.randint(0, 9000)),
                    lines[0],
                    ",".join(f"{line}:Ngành nghề {line}" for line in lines),
                )
            )


def write_spells(path: Path, rows: int, catalogue: catalogues.Catalogue) -> None:
    """Invent a spell for each participant of `register_participants`."""
    dice = random.Random(rows)
    header = (
        "record_id,number,scheme,unit,from,until,object,salary_vnd,allowance_vnd,rate_permille,"
        "place_of_work,job"
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        for row in range(1, rows + 1):
            writer.writerow(
                (
                    row,
                    f"96{row:08d}",
                    "BHXH bắt buộc",
                    f"YN{dice.randint(0, 9999):04d}Z",
                    date(2024, 7, 1) + timedelta(days=dice.randint(0, 600)),
                    "",
                    "",
                    dice.randint(5_000, 40_000) * 1000,
                    0,
                    250,
                    f"Xã {dice.choice(_WORDS)}",
                    f"Nghề {dice.choice(_WORDS)}",
                )
            )


def write_journal_lines(path: Path, rows: int, catalogue: catalogues.Catalogue) -> None:
    """Invent entries of two lines that pay wages out of the treasury's cash."""
    dice = random.Random(rows)
    header = "line_id,entry_no,budget_year,posted_on,budget_key,side,effect,amount,description"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        for entry in range(1, rows // 2 + 1):
            unit = _FIRST_UNIT + dice.randrange(_UNITS)
            entry_no, amount = f"0011-{entry:07d}", dice.randint(1, 900) * 10_000
            shared = (2026, date(2026, 1, 5) + timedelta(days=dice.randint(0, 50)))
            what = f"Lương {dice.choice(_WORDS)}"
            debit = f"01811360012{unit}0100140507100000001113000"
            credit = f"01111200002{unit}0100140500000000001113000"
            writer.writerow((f"{entry_no}/1", entry_no, *shared, debit, "Nợ", "Chi", amount, what))
            writer.writerow(
                (f"{entry_no}/2", entry_no, *shared, credit, "Có", "Cân đối", amount, what)
            )


def register_participants(engine: Engine, rows: int) -> None:
    """Record the participants of whom spells are loaded, in one change."""
    _record(engine, "insurance", _PARTICIPANTS, rows)


def allocate_budgets(engine: Engine, rows: int) -> None:
    """Record the units whose journal lines are loaded, with what they may spend, in one change."""
    _record(engine, "finance", _BUDGETS, rows)


def _record(engine: Engine, register: str, statements: Sequence[str], rows: int) -> None:
    opening = (
        f"UPDATE {register}.change_head SET last_change = 1,"  # noqa: S608 - names of this file
        " transaction_id = pg_current_xact_id()::text",
        f"INSERT INTO {register}.change VALUES (1, now(), 'benchmark', 'x', 'x', 'x', 'x')",  # noqa: S608 - names of this file
    )
    with engine.begin() as connection:
        for statement in (*opening, *statements):
            connection.execute(text(statement), {"rows": rows} if ":rows" in statement else {})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE)"))


_PARTICIPANTS = (
    """
    INSERT INTO insurance.participant (participant_no, social_insurance_no, full_name, name_key,
        birth_date, birth_precision, sex, nationality_code, valid, from_change)
    SELECT '96' || lpad(n::text, 8, '0'), '96' || lpad(n::text, 8, '0'), 'Lê Thử', 'le thu',
        '1985-05-06', 'day', 'male', 'VN', daterange('1985-05-06', NULL), 1
    FROM generate_series(1, :rows) AS n
    """,
)
_BUDGETS = (
    f"""
    INSERT INTO finance.budget_unit (unit_code, name_vi, name_key, kind, level_code, chapter_code,
        province_code, commune_code, commune_version, opened_on, valid, from_change)
    SELECT n::text, 'Trường Thử', 'truong thu', 'estimate_unit', '2', '405', '96', '32002',
        '19/2025', '2018-03-01', daterange('2018-03-01', NULL), 1
    FROM generate_series({_FIRST_UNIT}, {_FIRST_UNIT + _UNITS - 1}) AS n
    """,  # noqa: S608 - numbers of this file
    """
    INSERT INTO finance.unit_budget (budget_id, unit_code, budget_year, nomenclature_version,
        chapter_code, level_code, valid, from_change)
    SELECT unit_code || '-2026', unit_code, 2026, '130/2025', chapter_code, level_code,
        daterange(NULL, NULL), 1
    FROM finance.budget_unit
    """,
    """
    INSERT INTO finance.budget_amount (budget_id, stage, category_code, item_code, programme_code,
        source_code, amount, revision_no, decision_no, valid, from_change)
    SELECT budget_id, 'allocation', '071', '6000', '00000', '13', 1e12, 0, '01/QĐ-TEST',
        daterange('2026-01-01', NULL), 1
    FROM finance.unit_budget
    """,
)
STAGED = {
    "enterprises": Subject(
        "enterprise",
        ("enterprise", "industry_line"),
        staged("enterprise/mappings/public_provincial_list.toml", steward.enterprise_target),
        write_enterprises,
    ),
    "spells": Subject(
        "insurance",
        ("spell",),
        staged(
            "insurance/mappings/spells.toml",
            lambda: steward.insurance_target(steward.InsuranceFile.SPELLS),
        ),
        write_spells,
        register_participants,
    ),
    "journal_lines": Subject(
        "finance",
        ("journal_entry", "journal_line"),
        staged("finance/mappings/journal_lines.toml", steward.finance_target),
        write_journal_lines,
        allocate_budgets,
    ),
}
