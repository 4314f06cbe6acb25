import dataclasses
import hashlib
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from sharing_api.access_log import entries, repository
from tests.factories.exchange import make_entry

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["Hoà Thuỷ", "Hoa\u0300", '"quoted"', "back\\slash", "\t\n\r\x00\x1f", "\u2028\U0001f1fb"]
    ),
)
MEMBERS = ("agency", "client", "officer", "purpose", "legal_basis", "procedure", "case_reference")


def plain(entry: entries.Entry) -> dict[str, object]:
    """Write an entry as JSON values, from what the fields mean and not from the code tested."""
    members = dataclasses.asdict(entry)
    for name in ("request_hash", "answer_hash", "subject_tag"):
        members[name] = (members[name] or b"").hex()
    for name in ("entry_id", "answer_id", "valid_on"):
        members[name] = str(members[name])
    members["logged_at"] = entry.logged_at.isoformat(timespec="microseconds")[:-6] + "Z"
    members["fields"] = list(entry.fields)
    return members


# The bounds have no zone: hypothesis adds it.
MOMENTS = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001  see above
    datetime(2100, 1, 1),  # noqa: DTZ001  see above
    timezones=st.just(UTC),
)


class TestCanonical:
    @given(
        texts=st.fixed_dictionaries(dict.fromkeys(MEMBERS, TEXTS)),
        transport=st.dictionaries(
            st.sampled_from(["x-road-client", "x-road-id", "x-road-userid"]), TEXTS
        ),
        tag=st.none() | st.binary(min_size=32, max_size=32),
        change=st.integers(0, 2**53 - 1),
        at=MOMENTS,
    )
    def test_is_the_form_of_rfc_8785(
        self,
        texts: dict[str, str],
        transport: dict[str, str],
        tag: bytes | None,
        change: int,
        at: datetime,
    ) -> None:
        entry = make_entry(
            **texts, transport=transport, subject_tag=tag, register_change=change, logged_at=at
        )

        assert entries.canonical(entry) == rfc8785.dumps(plain(entry))  # type: ignore[arg-type]

    @pytest.mark.parametrize("name", [f.name for f in dataclasses.fields(entries.Entry)])
    def test_covers_every_member(self, name: str) -> None:
        entry = make_entry()
        value = getattr(entry, name)
        other = {
            str: lambda: value + "x",
            int: lambda: value + 1,
            bytes: lambda: bytes(32) if value != bytes(32) else b"\x01" * 32,
            tuple: lambda: (*value, "sex"),
            dict: lambda: {"x-road-id": "1"},
            uuid.UUID: lambda: uuid.UUID(int=value.int + 1),
        }.get(type(value), lambda: value + timedelta(days=1))()

        changed = dataclasses.replace(entry, **{name: other})

        assert entries.canonical(changed) != entries.canonical(entry)


class TestLeafHash:
    def test_is_sha256_over_a_zero_byte_and_the_canonical_form(self) -> None:
        entry = make_entry()

        expected = hashlib.sha256(b"\x00" + rfc8785.dumps(plain(entry)))  # type: ignore[arg-type]

        assert entries.leaf_hash(entry) == expected.digest()


class TestMoment:
    def test_writes_utc_with_six_places_whatever_the_zone(self) -> None:
        local = datetime(2026, 3, 2, 15, 0, tzinfo=timezone(timedelta(hours=7)))

        assert entries.moment(local) == entries.moment(NOW) == "2026-03-02T08:00:00.000000Z"


class TestSubjectTag:
    def test_is_the_same_for_the_same_subject_only(self) -> None:
        tags = {
            entries.subject_tag(b"k" * 32, "population", "001190000001"),
            entries.subject_tag(b"k" * 32, "population", "001190000002"),
            entries.subject_tag(b"k" * 32, "enterprise", "001190000001"),
            entries.subject_tag(b"l" * 32, "population", "001190000001"),
        }

        assert len(tags) == 4
        assert entries.subject_tag(b"k" * 32, "population", "001190000001") in tags

    def test_does_not_run_register_and_subject_together(self) -> None:
        one = entries.subject_tag(b"k", "population", "1")

        assert one != entries.subject_tag(b"k", "populatio", "n1")


class TestNewAnswerId:
    def test_is_an_id_of_version_7_that_tells_its_time(self) -> None:
        made = entries.new_answer_id(NOW)

        assert (made.version, made.variant) == (7, uuid.RFC_4122)
        assert made.int >> 80 == int(NOW.timestamp() * 1000)

    def test_never_comes_twice(self) -> None:
        assert len({entries.new_answer_id(NOW) for _ in range(20_000)}) == 20_000

    def test_is_ordered_by_time(self) -> None:
        ids = [entries.new_answer_id(NOW + timedelta(milliseconds=ms)) for ms in range(200)]

        assert ids == sorted(ids)


class TestEntryId:
    def test_gives_65536_subjects_ids_of_their_own_in_order(self) -> None:
        answer = entries.new_answer_id(NOW)
        following = entries.new_answer_id(NOW)

        ids = [entries.entry_id(answer, number) for number in range(1 << 16)]

        assert ids[0] == answer
        assert ids == sorted(set(ids))
        assert all((one.version, one.variant) == (7, uuid.RFC_4122) for one in (ids[0], ids[-1]))
        assert ids[-1].int >> 16 == answer.int >> 16 != following.int >> 16


class TestColumns:
    def test_are_all_written_by_a_row_of_copy(self) -> None:
        assert "leaf_hash" in entries.COLUMNS
        (line,) = repository._lines([make_entry()], [bytes(32)], {})

        assert line.count("\n") == 1
        assert line.count("\t") == len(entries.COLUMNS)  # and the question behind them


class TestLeafHashes:
    def test_are_those_of_each_entry_by_itself(self) -> None:
        first = make_entry()
        of_one_answer = [
            dataclasses.replace(
                first,
                entry_id=entries.entry_id(first.answer_id, number),
                subject_tag=bytes([number]) * 32 if number else None,
                rule=rule,
                fields=fields,
            )
            for number, (rule, fields) in enumerate(
                [("found", ("pin", "sex")), ("not_found", ()), ("outside_territory", ("pin",))]
            )
        ]

        hashes = entries.leaf_hashes(of_one_answer)

        assert hashes == [entries.leaf_hash(entry) for entry in of_one_answer]
