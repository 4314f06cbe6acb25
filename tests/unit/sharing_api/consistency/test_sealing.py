"""What is kept for the comparison: unreadable without the key, the same again with it."""

import pytest

from sharing_api.consistency.sealing import Sealer
from sharing_api.consistency.values import Kind, Mention, Record, Subject
from sharing_api.worklists import errors

PERSON = Subject(Kind.PERSON, "001190000001")
SAID = Mention(
    PERSON,
    Record("land/holding", "001190000001", 7),
    {"names": ["Trần Thị Lan"]},
    (Subject(Kind.PARCEL, "TD1"),),
)
SEALER = Sealer(bytes(32))


class TestMention:
    def test_comes_back_as_it_was(self) -> None:
        assert SEALER.open_mention(SEALER.seal_mention(SAID)) == SAID

    def test_shows_nothing_of_what_it_says(self) -> None:
        sealed = SEALER.seal_mention(SAID)

        assert [one for one in (b"001190000001", b"Lan", b"TD1") if one in sealed] == []

    def test_opens_with_its_own_key_only(self) -> None:
        with pytest.raises(errors.SealedByAnotherKey):
            Sealer(bytes(31) + b"1").open_mention(SEALER.seal_mention(SAID))


class TestTags:
    def test_tell_subjects_records_and_keys_apart(self) -> None:
        other = Sealer(bytes(31) + b"1")
        tags = {
            SEALER.subject_tag(PERSON),
            SEALER.subject_tag(Subject(Kind.ENTERPRISE, PERSON.key)),
            SEALER.record_tag("person", PERSON.key),
            other.subject_tag(PERSON),
        }

        assert len(tags) == 4

    def test_are_the_same_each_time(self) -> None:
        assert SEALER.subject_tag(PERSON) == Sealer(bytes(32)).subject_tag(PERSON)


class TestText:
    def test_of_nothing_is_nothing(self) -> None:
        assert SEALER.open(SEALER.seal("")) == ""
