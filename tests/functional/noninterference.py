"""Changes what an agreement does not show, in the register itself, and looks at every answer.

One case: a value anywhere in a register is replaced by another that the same column holds
elsewhere, or a row is taken away. What each agreement may see is worked out apart from the
corridor, from all fields of all records before and after. Where that is the same, every answer
must be the same, byte for byte: status, order, counts, errors.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from databases import periods
from databases.changes.versions import AsOf
from databases.datasets import Walk
from databases.errors import RegisterError
from sharing_api.agreements import conditions
from sharing_api.agreements.credentials import Caller
from sharing_api.agreements.values import Terms
from sharing_api.disclosure import catalogue, request
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.inquiry import Inquiry
from tests.functional.conftest import Exchange, read_payload
from tests.functional.world import CASES, OPERATIONS, question

# Numbers of states and lists of codes are public: no secret of anybody lies in them.
PUBLIC = {"change", "change_head", "code", "code_list", "code_succession", "alembic_version"}
# Keys to search by are made of the values beside them, and say nothing of their own.
_TYPES = "('text','date','int2','int4','int8','numeric','bool','daterange','jsonb','geometry')"
_COLUMNS = f"""
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
 WHERE c.relnamespace = CAST(:schema AS regnamespace) AND c.relkind = 'r' AND a.attnum > 0
   AND NOT a.attisdropped AND a.attgenerated = '' AND t.typname IN {_TYPES}
   AND a.attname NOT LIKE '%\\_key'
 ORDER BY 1, 2
"""
_GUARDS = """
SELECT tgname FROM pg_trigger
 WHERE tgrelid = CAST(:name AS regclass) AND NOT tgisinternal AND tgenabled = 'A'
"""
View = Mapping[str, Any]


@dataclass(frozen=True)
class Asker:
    """A system and the one agreement under which it asks."""

    client: str
    terms: Terms

    def ask(self, dataset: str, now: datetime) -> Iterator[Inquiry]:
        """Ask everything about a dataset: each operation, each key, refused things too."""
        case = CASES[dataset]
        for operation in OPERATIONS:
            if operation == "search" and not case.predicates:
                continue
            keys = ("",) if operation == "search" else (case.inside, case.outside, case.unknown)
            for key in keys:
                for message in self._messages(dataset, operation, key):
                    try:
                        yield request.read(
                            Caller(self.terms.consumer, self.client, 2**40),
                            dataset_name=dataset,
                            operation=operation,
                            body=json.dumps(message).encode(),
                            headers={},
                            now=now,
                        )
                    except RegisterError:
                        continue  # refused before anything is read: the same for everybody

    def _messages(self, dataset: str, operation: str, key: str) -> Iterator[dict[str, Any]]:
        case = CASES[dataset]
        asked = question(dataset, operation, key) if key else question(dataset, operation)
        yield asked
        if operation == "search":
            yield {**asked, "limit": 1}
        elif operation == "batch":
            yield {**asked, "keys": [case.outside, case.inside, case.unknown]}
        if operation != "verify":
            yield {**asked, "fields": [*case.fields, case.ungranted]}
            granted = sorted(self.terms.datasets[dataset].fields)
            yield {**asked, "fields": granted}

    def view(self, dataset: str, records: Mapping[str, View]) -> Mapping[str, View]:
        """Work out what the agreement shows: granted fields of records within its reach."""
        granted = self.terms.datasets[dataset].fields
        return {
            key: {name: record.get(name) for name in granted}
            for key, record in records.items()
            if self._reaches(dataset, record)
        }

    def _reaches(self, dataset: str, record: View) -> bool:
        places = [(record.get(n) or {}).get("province") for n in _places(dataset)]
        codes = {(one["version"], one["code"]) for one in places if one}
        return (not self.terms.territory or bool(codes & self.terms.territory)) and all(
            conditions.holds(one, record.get(one.field)) for one in self.terms.population
        )


def _places(dataset: str) -> tuple[str, ...]:
    return catalogue.DATASETS[dataset].territory_of


@dataclass
class Tally:
    """What was run, and what it showed.

    Args:
        differences: what changed although nothing that the agreement shows did.
    """

    cases: int = 0
    impossible: int = 0
    compared: int = 0
    visible: int = 0
    seen_changes: int = 0
    by_register: Counter[str] = field(default_factory=Counter)
    by_operation: Counter[str] = field(default_factory=Counter)
    by_status: Counter[int] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Tell it for a report."""
        yield f"cases run: {self.cases} ({dict(self.by_register)})"
        yield f"draws that changed nothing, or were refused by the register: {self.impossible}"
        yield f"answers compared, nothing shown by the agreement having changed: {self.compared}"
        yield f"  by operation: {dict(self.by_operation)}; by status: {dict(self.by_status)}"
        yield f"answers where something shown had changed: {self.visible}"
        yield f"  of these other than before: {self.seen_changes}"
        yield f"differences: {len(self.differences)}"


class Prober:
    """Runs cases on one register after the other."""

    def __init__(
        self, exchange: Exchange, corridor: Corridor, askers: Sequence[Asker], seed: int
    ) -> None:
        self._exchange = exchange
        self._corridor = corridor
        self._askers = askers
        self._dice = random.Random(seed)
        self._now = datetime.now(UTC)  # noqa: TID251  one moment for all answers
        self._engines: dict[str, Engine] = {}
        self._keys: dict[str, list[str]] = {}
        self.tally = Tally()

    def run(self, register: str, cases: int) -> list[str]:
        """Run cases on a register, which then is as it was; give the differences."""
        known = len(self.tally.differences)
        datasets = [name for name in CASES if name.startswith(f"{register}/")]
        # Under another key it would be another record: keys say who is meant, not what they are.
        names = {catalogue.DATASETS[name].key for name in datasets}
        with self._engine(register).connect() as connection:
            columns = [
                tuple(row)
                for row in connection.execute(text(_COLUMNS), {"schema": register})
                if row[0] not in PUBLIC
                and row[1] not in names
                and connection.execute(text(f"SELECT EXISTS (SELECT FROM {register}.{row[0]})"))
                .scalars()
                .one()
            ]
            before = self._look(datasets)
            done = 0
            while done < cases:
                undo = self._change(connection, register, *self._dice.choice(columns))
                if not undo:
                    self.tally.impossible += 1
                    continue
                done += 1
                try:
                    self._compare(datasets, before, self._look(datasets), undo[0])
                except SQLAlchemyError:
                    # Without its guards the register can be made to contradict itself.
                    self.tally.impossible += 1
                    done -= 1
                finally:
                    self._undo(connection, *undo)
            self.tally.by_register[register] += cases
            self.tally.cases += cases
            # The register is as it was: the same answers again, or the cases prove nothing.
            assert self._look(datasets) == before
        return self.tally.differences[known:]

    def _look(self, datasets: Sequence[str]) -> dict[tuple[str, str], tuple[View, list[Any]]]:
        """Give what each asker may see of each dataset, and all answers that it gets."""
        looked = {}
        for dataset in datasets:
            records = self._records(dataset)
            for asker in self._askers:
                if dataset in asker.terms.datasets:
                    inquiries = list(asker.ask(dataset, self._now))
                    self._corridor.answer_all(inquiries)
                    answers = [_shown(one) for one in inquiries]
                    looked[dataset, asker.client] = (asker.view(dataset, records), answers)
        return looked

    def _records(self, dataset: str) -> dict[str, View]:
        published, case = catalogue.DATASETS[dataset], CASES[dataset]
        as_of = AsOf(periods.day_in_vietnam(self._now), None)
        fields = frozenset(published.fields)
        with self._exchange.databases.reading(published.register) as session:
            if dataset not in self._keys:
                walked = published.walk(session, as_of, Walk("", 2_000)) if published.walk else ()
                self._keys[dataset] = sorted({*walked, case.inside, case.outside, case.unknown})
            return dict(published.fetch(session, self._keys[dataset], fields, as_of).records)

    def _compare(self, datasets: Sequence[str], before: Any, after: Any, what: str) -> None:
        for place in before:
            (seen, answers), (seen_now, answers_now) = before[place], after[place]
            if seen != seen_now:
                self.tally.visible += len(answers)
                self.tally.seen_changes += sum(
                    one != other for one, other in zip(answers, answers_now, strict=True)
                )
                continue
            for one, other in zip(answers, answers_now, strict=True):
                self.tally.compared += 1
                self.tally.by_operation[one[0]] += 1
                self.tally.by_status[one[2]] += 1
                if one != other:
                    self.tally.differences.append(f"{place} after {what}: {one} became {other}")

    def _engine(self, register: str) -> Engine:
        if register not in self._engines:
            name = self._exchange.site.url(register, "owner").database
            url = make_url(self._exchange.superuser.url).set(database=name)
            self._engines[register] = create_engine(url, poolclass=NullPool)
        return self._engines[register]

    def _change(
        self, connection: Connection, register: str, table: str, column: str, kind: str
    ) -> tuple[str, str, Mapping[str, Any]] | None:
        """Change one value as nobody but a superuser can; give how it is undone."""
        name = f"{register}.{table}"
        count = connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
        row, other = self._dice.randrange(count), self._dice.randrange(count)
        pick = f"(SELECT ctid FROM {name} ORDER BY ctid OFFSET {{}} LIMIT 1)"
        value = f"(SELECT {column} FROM {name} WHERE ctid = {pick.format(other)})"
        tweak = {"text": "'x' || {0}", "date": "{0} - 400", "boolean": "NOT {0}"}.get(kind)
        if tweak and self._dice.random() < 0.4:
            value = tweak.format(column)
        old = connection.execute(
            text(f"SELECT CAST({column} AS text) FROM {name} WHERE ctid = {pick.format(row)}")
        ).scalar_one()
        connection.commit()
        changed = (
            f"UPDATE {name} SET {column} = {value} WHERE ctid = {pick.format(row)}"
            f" AND {column} IS DISTINCT FROM {value} RETURNING CAST(ctid AS text)"
        )
        place = self._past_guards(connection, name, changed, {})
        if place is None:
            return None
        back = (
            f"UPDATE {name} SET {column} = CAST(:old AS {kind}) WHERE ctid = CAST(:place AS tid)"
            " RETURNING CAST(ctid AS text)"
        )
        return f"{name}.{column}", back, {"old": old, "place": place}

    def _undo(self, connection: Connection, what: str, back: str, values: Any) -> None:
        name = what.rpartition(".")[0]
        assert self._past_guards(connection, name, back, values) is not None

    def _past_guards(
        self, connection: Connection, name: str, statement: str, values: Mapping[str, Any]
    ) -> str | None:
        """Run a statement with the table's guards off; None when a constraint refuses it."""
        try:
            guards = connection.execute(text(_GUARDS), {"name": name}).scalars().all()
            connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
            place: str | None = connection.execute(text(statement), values).scalar()
            connection.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))
            for guard in guards:
                connection.execute(text(f"ALTER TABLE {name} ENABLE ALWAYS TRIGGER {guard}"))
            connection.commit()
        except DBAPIError:
            connection.rollback()
            return None
        else:
            return place

    def close(self) -> None:
        for engine in self._engines.values():
            engine.dispose()


def _shown(inquiry: Inquiry) -> tuple[Any, ...]:
    """Give what a caller can see of an answer, but for the ids that always differ."""
    body = inquiry.body.replace(str(inquiry.answer_id).encode(), b"id")
    receipt = read_payload(inquiry.receipt)
    for name in ("entry_id", "leaf_hash", "entries_root", "answer_hash"):
        receipt.pop(name, None)
    told = (inquiry.content_type, body, len(inquiry.receipt), json.dumps(receipt))
    return (inquiry.question.operation, inquiry.question.dataset, inquiry.status, *told)
