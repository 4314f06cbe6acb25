"""Writer, checker and stand-alone verifier read the format alike; docs/log-format.md is the format.

The values of that page are fixed: whoever changes the encoding of entries breaks every proof given.
"""

import hashlib
import json
import random
import re
import string
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import verify_receipt
from log_checker import merkle, rows, subjects
from sharing_api.access_log import entries
from sharing_api.access_log.subjects import chain, nodes
from tests.factories.exchange import make_entry

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "log-format.md").read_text(encoding="utf-8")


def fixed(what: str) -> str:
    found = re.search(rf"^\| {what} \| `([0-9a-f]{{64}})` \|$", PAGE, re.MULTILINE)
    assert found is not None
    return found.group(1)


def example() -> bytes:
    found = re.search(r"```json\n(.*?)\n```", PAGE, re.DOTALL)
    assert found is not None
    return found.group(1).encode()


def copied(entry: entries.Entry) -> bytes:
    """Write an entry as COPY gives its columns to the checker."""

    def escape(text: str) -> str:
        pairs = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
        pairs["\v"] = "\\v"
        return "".join(pairs.get(one, one) for one in text)

    at = f"{entry.logged_at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}".rstrip("0").rstrip(".") + "+00"
    columns = (
        entry.agency,
        entry.agreement_hash,
        entry.answer_hash.hex(),
        str(entry.answer_id),
        entry.case_reference,
        entry.client,
        entry.dataset,
        entry.decision,
        str(entry.entry_id),
        json.dumps(list(entry.fields), ensure_ascii=False, separators=(",", ":")),
        entry.legal_basis,
        at,
        entry.officer,
        entry.operation,
        entry.procedure,
        entry.purpose,
        str(entry.register_change),
        entry.request_hash.hex(),
        entry.rule,
        "" if entry.subject_tag is None else entry.subject_tag.hex(),
        json.dumps(entry.transport, ensure_ascii=False),
        entry.valid_on.isoformat(),
        entries.leaf_hash(entry).hex(),
        "7",
    )
    return "\t".join(map(escape, columns)).encode() + b"\n"


def checked(entry: entries.Entry) -> bytes:
    taken = rows.Rows(with_subjects=True)
    taken.write(copied(entry))
    taken.finish()
    return taken.hashes[0]


class TestFixedValues:
    def test_are_those_of_the_writer(self) -> None:
        entry = make_entry()

        assert entries.canonical(entry) == example()
        assert entries.leaf_hash(entry).hex() == fixed("leaf of the entry below")

    def test_are_those_of_the_checker(self) -> None:
        leaf = checked(make_entry())

        assert leaf.hex() == fixed("leaf of the entry below")
        tag = bytes(range(32))
        chains = subjects.Chains()
        chains.extend(subjects.record(tag, 7, leaf), 8)
        (pair,) = chains.pairs()
        state = pair[32:]
        assert state.hex() == fixed("state after that entry as leaf 7, alone")
        parts = [subjects.make_part([pair] if not one else [], 2) for one in range(256)]
        assert subjects.join_parts(parts, 2).hex() == fixed("root over this one subject")

    def test_are_those_of_the_stand_alone_verifier(self) -> None:
        entry = json.loads(example())

        assert verify_receipt.entry_leaf(entry).hex() == fixed("leaf of the entry below")

    def test_of_chains_are_those_of_the_writer(self) -> None:
        leaf = entries.leaf_hash(make_entry())
        state = chain.State().extend([(7, leaf)]).commitment()
        root, _ = nodes.update({}, [(bytes(range(32)), state)])

        assert state.hex() == fixed("state after that entry as leaf 7, alone")
        assert root.hex() == fixed("root over this one subject")
        walks = chain.walks_tag("population/citizen")
        assert walks.hex() == fixed("tag of the walks of `population/citizen`")


_LETTERS = string.printable + 'àộ"\\\x00'.replace("\x00", "") + "\u2028\U0001f1fb\x7f\x01\x1f"


class TestEntries:
    @pytest.mark.parametrize("seed", range(20))
    def test_have_one_hash_whoever_reads_them(self, seed: int) -> None:
        chance = random.Random(seed)

        def text() -> str:
            return "".join(chance.choices(_LETTERS, k=chance.randrange(12)))

        for number in range(100):
            entry = make_entry(
                number,
                **{name: text() for name in ("agency", "client", "officer", "purpose")},
                transport={f"x-{one}": text() for one in range(chance.randrange(4))},
                logged_at=datetime(2026, 1, 1, tzinfo=UTC)
                + timedelta(microseconds=chance.choice([0, 10, chance.randrange(10**13)])),
                valid_on=date(2026, 1, 1) + timedelta(days=chance.randrange(9_000)),
                subject_tag=chance.choice([None, chance.randbytes(32)]),
                register_change=chance.randrange(1 << 53),
            )

            leaf = entries.leaf_hash(entry)

            assert checked(entry) == leaf
            assert verify_receipt.entry_leaf(json.loads(entries.canonical(entry))) == leaf


class TestSubjects:
    @pytest.mark.parametrize("count", [0, 1, 16, 17, 200, 5_000])
    def test_have_one_root_whoever_makes_it(self, count: int) -> None:
        chance = random.Random(count)
        # Some tags begin alike for long, as no keyed hash ever would.
        tags = {
            chance.choice([b"", b"", bytes(5), b"\xab\xcd"]) + chance.randbytes(32)
            for _ in range(count)
        }
        pairs = sorted({tag[:32]: chance.randbytes(32) for tag in tags}.items())

        root, written = nodes.update({}, pairs)

        joined = [tag + state for tag, state in pairs]
        by_part = [[one for one in joined if one[0] == part] for part in range(256)]
        assert subjects.join_parts([subjects.make_part(one, 2) for one in by_part], 2) == root
        for tag, state in (*pairs[:20], (chance.randbytes(32), None)):
            path = nodes.path_of(tag, written)
            assert verify_receipt.find_state(tag, root, path) == state


class TestTrees:
    @pytest.mark.parametrize("count", [1, 2, 255, 256, 257, 1_000])
    def test_have_one_root_whoever_makes_it(self, count: int) -> None:
        leaves = [hashlib.sha256(bytes([one % 256, one // 256])).digest() for one in range(count)]

        levels = merkle.levels_of(leaves)

        assert merkle.fold_first(levels, count) == verify_receipt.merkle_root(leaves)
        for first in (1, count // 2 or 1):
            assert merkle.fold_first(levels, first) == verify_receipt.merkle_root(leaves[:first])
