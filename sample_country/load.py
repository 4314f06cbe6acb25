"""Writing the sample country into the registers: the cast by acts, the many by COPY."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from databases import base, sessions
from databases.changes import ledger as ledgers
from databases.code_lists import catalogue as catalogues
from databases.code_lists import reading
from databases.code_lists import repository as code_lists_repository
from databases.code_lists import tables as code_lists_tables
from databases.settings import Settings
from sample_country import chapters, country, errors, repository
from sample_country.chapters import Chapter
from sample_country.columns import Frame
from sample_country.country import Country

RECORDED_AT = datetime(2026, 1, 1, tzinfo=UTC)

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Report:
    """What a load did.

    Args:
        size, seed: the country.
        loaded: rows by register and table; empty for a register that held the country already.
        changes: number of the change that holds the many, by register loaded.
    """

    size: int
    seed: int
    loaded: Mapping[str, Mapping[str, int]]
    changes: Mapping[str, int]

    @property
    def is_already_there(self) -> bool:
        """Tell whether there was nothing to do."""
        return not self.loaded


def load_sample_country(settings: Settings, size: int, seed: int, progress: Progress) -> Report:
    """Draw the country and write it into the registers that do not hold it yet.

    Each register is one transaction: after an error or an interruption it is empty or complete, and
    a second call does what is missing.

    Args:
        settings: where the registers are.
        size: number of persons.
        seed: seed of the country.
        progress: called with what is being done, and how much of how much is done.

    Raises:
        ImpossibleSize: the size is outside of what the sample is made for.
        AnotherCountryLoaded: a register holds a country of another size or seed.
        RegisterNotEmpty: a register holds other data.
    """
    databases = sessions.Databases(settings, "natdb sample country")
    try:
        missing = [
            chapter
            for chapter in chapters.CHAPTERS
            if not _is_loaded(databases, chapter.register, size, seed)
        ]
        if not missing:
            return Report(size, seed, {}, {})
        catalogue = reading.load_catalogue()
        progress("draw the country", 0, size)
        drawn = country.generate(catalogue, size=size, seed=seed)
        progress("draw the country", size, size)
        loaded: dict[str, Mapping[str, int]] = {}
        changes: dict[str, int] = {}
        for chapter in missing:
            name = chapter.register
            changes[name], loaded[name] = _load(databases, chapter, drawn, catalogue, progress)
        return Report(size, seed, loaded, changes)
    finally:
        databases.dispose()


def _source_document(size: int, seed: int) -> str:
    return f"sample country of {size} persons, seed {seed}"


def _act_name(register: str) -> str:
    return f"{register}.sample_country.loaded"


def _is_loaded(databases: sessions.Databases, register: str, size: int, seed: int) -> bool:
    ledger = repository.define_ledger(register)
    with databases.writing(register) as session:
        found = repository.find_source_document(session, ledger, _act_name(register))
        if found is None and ledgers.last_change(session, ledger) > 0:
            raise errors.RegisterNotEmpty(
                f"The {register} register holds other data. The sample country goes into an empty "
                "register: start over with ./natdb demo --reset."
            )
    if found is not None and found != _source_document(size, seed):
        raise errors.AnotherCountryLoaded(
            f"The {register} register holds a {found}. To load another one start over with "
            "./natdb demo --reset."
        )
    return found is not None


def _load(
    databases: sessions.Databases,
    chapter: Chapter,
    drawn: Country,
    catalogue: catalogues.Catalogue,
    progress: Progress,
) -> tuple[int, dict[str, int]]:
    register = chapter.register
    frames = chapter.build_frames(drawn)
    ledger = repository.define_ledger(register)
    lists = code_lists_tables.define_tables(base.new_metadata(register), register)
    with databases.writing(register) as session:
        code_lists_repository.install(session, catalogue, code_tables=lists)
        chapter.enact_cast(session)
        change = ledgers.open_change(session, ledger, _act(register, drawn))
        rows = {}
        for table, frame in frames.items():
            report = _stepper(progress, f"load {register}.{table}", frame)
            rows[table] = repository.copy_frame(
                session, register, table, frame, change=change, progress=report
            )
            report(frame.num_rows)
    owner = databases.engine(register, "owner")
    for done, table in enumerate(frames):
        progress(f"tidy {register}", done, len(frames))
        repository.refresh_statistics(owner, register, [table])
    progress(f"tidy {register}", len(frames), len(frames))
    return change, rows


def _stepper(progress: Progress, step: str, frame: Frame) -> Callable[[int], None]:
    total: int = frame.num_rows

    def report(done: int) -> None:
        progress(step, done, total)

    return report


def _act(register: str, drawn: Country) -> ledgers.Act:
    return ledgers.Act(
        name=_act_name(register),
        recorded_at=RECORDED_AT,
        recorded_by="sample country",
        reason="invented people and firms to try the suite with",
        legal_basis="none: invented data",
        source_document=_source_document(drawn.size, drawn.seed),
    )
