import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from databases.journal import errors, tree
from tests.unit.databases.journal import oracle

# The eight leaves and roots with which implementations of Certificate Transparency are compared.
INPUTS = [
    bytes.fromhex(one)
    for one in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
MANY = [hashlib.sha256(str(number).encode()).digest() for number in range(301)]
SIZES = st.integers(0, 300)


def reader_over(leaves: list[bytes]) -> tree.Reader:
    return lambda level, index: oracle.head(leaves[index << level : (index + 1) << level])


def altered(value: bytes, position: int = 0) -> bytes:
    changed = bytearray(value)
    changed[position] ^= 1
    return bytes(changed)


class TestRoot:
    @pytest.mark.parametrize("size", range(9))
    def test_is_the_published_root(self, size: int) -> None:
        leaves = [tree.leaf_hash(entry) for entry in INPUTS[:size]]

        assert tree.root(leaves).hex() == ROOTS[size]

    @pytest.mark.parametrize("size", range(301))
    def test_is_the_root_of_the_definition(self, size: int) -> None:
        assert tree.root(MANY[:size]) == oracle.head(MANY[:size])


class TestRootOfSize:
    @given(SIZES)
    @settings(deadline=None, max_examples=60)
    def test_folds_the_complete_subtrees(self, size: int) -> None:
        assert tree.root_of_size(size, reader_over(MANY)) == oracle.head(MANY[:size])


class TestInclusionProof:
    def test_is_the_published_proof(self) -> None:
        leaves = [tree.leaf_hash(entry) for entry in INPUTS]

        proof = tree.inclusion_proof(5, 8, reader_over(leaves))

        assert [one.hex() for one in proof] == [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]

    @given(st.integers(1, 300))
    @settings(deadline=None, max_examples=25)
    def test_is_the_path_of_the_definition_and_verifies_for_every_leaf(self, size: int) -> None:
        leaves = MANY[:size]
        cached: dict[tree.Node, bytes] = {}

        def read(level: int, index: int) -> bytes:
            if (level, index) not in cached:
                cached[level, index] = reader_over(leaves)(level, index)
            return cached[level, index]

        root = oracle.head(leaves)
        sample = range(size) if size <= 40 else range(0, size, 7)
        for index in range(size):
            proof = tree.inclusion_proof(index, size, read)
            if index in sample:
                assert proof == oracle.path(index, leaves)
            tree.verify_inclusion(
                leaf=leaves[index], index=index, size=size, path=proof, expected_root=root
            )

    @pytest.mark.parametrize(("index", "size"), [(0, 0), (8, 8), (-1, 8)])
    def test_refuses_a_leaf_outside_the_tree(self, index: int, size: int) -> None:
        with pytest.raises(errors.InvalidTreeArgument):
            tree.inclusion_proof(index, size, reader_over(MANY))

    def test_reads_no_more_than_the_logarithm(self) -> None:
        size = 10**9 + 7

        nodes = [node for span in tree.inclusion_spans(12345, size) for node in tree.nodes_of(span)]

        assert len(nodes) <= 2 * size.bit_length()


class TestVerifyInclusion:
    @given(st.data())
    @settings(deadline=None, max_examples=80)
    def test_refuses_every_altered_part(self, data: st.DataObject) -> None:
        size = data.draw(st.integers(2, 120))
        index = data.draw(st.integers(0, size - 1))
        other = data.draw(st.integers(0, size - 1).filter(lambda one: one != index))
        leaves = MANY[:size]
        proof, root = oracle.path(index, leaves), oracle.head(leaves)
        place = data.draw(st.integers(0, len(proof) - 1))
        bent = [*proof[:place], altered(proof[place], 31), *proof[place + 1 :]]

        for leaf, position, path, expected in (
            (altered(leaves[index]), index, proof, root),
            (leaves[index], other, proof, root),
            (leaves[index], index, bent, root),
            (leaves[index], index, proof[:-1], root),
            (leaves[index], index, [*proof, root], root),
            (leaves[index], index, proof, altered(root)),
        ):
            with pytest.raises(errors.ProofRefuted):
                tree.verify_inclusion(
                    leaf=leaf, index=position, size=size, path=path, expected_root=expected
                )

    def test_refuses_a_short_hash(self) -> None:
        with pytest.raises(errors.InvalidTreeArgument):
            tree.verify_inclusion(
                leaf=MANY[0][:31], index=0, size=1, path=[], expected_root=MANY[0]
            )


class TestConsistencyProof:
    def test_is_the_published_proof(self) -> None:
        leaves = [tree.leaf_hash(entry) for entry in INPUTS]

        proof = tree.consistency_proof(6, 8, reader_over(leaves))

        assert [one.hex() for one in proof] == [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]

    @given(SIZES, SIZES)
    @settings(deadline=None, max_examples=200)
    def test_is_the_proof_of_the_definition_and_verifies(self, one: int, two: int) -> None:
        old, new = sorted((one, two))

        proof = tree.consistency_proof(old, new, reader_over(MANY[:new]))

        assert proof == (oracle.proof(old, MANY[:new]) if 0 < old < new else [])
        tree.verify_consistency(
            old=old,
            new=new,
            old_root=oracle.head(MANY[:old]),
            new_root=oracle.head(MANY[:new]),
            path=proof,
        )

    def test_refuses_a_tree_that_shrinks(self) -> None:
        with pytest.raises(errors.InvalidTreeArgument):
            tree.consistency_proof(9, 8, reader_over(MANY))


class TestVerifyConsistency:
    @given(st.integers(1, 120), st.integers(1, 120), st.data())
    @settings(deadline=None, max_examples=80)
    def test_refuses_every_altered_part(self, one: int, two: int, data: st.DataObject) -> None:
        old, new = sorted((one, two))
        old_root, new_root = oracle.head(MANY[:old]), oracle.head(MANY[:new])
        proof = oracle.proof(old, MANY[:new]) if old < new else []
        cases = [
            (altered(old_root), new_root, proof),
            (old_root, altered(new_root), proof),
            (old_root, new_root, [*proof, new_root]),
        ]
        if proof:
            place = data.draw(st.integers(0, len(proof) - 1))
            bent = [*proof[:place], altered(proof[place]), *proof[place + 1 :]]
            cases += [(old_root, new_root, bent), (old_root, new_root, proof[:-1])]

        for first, second, path in cases:
            with pytest.raises(errors.ProofRefuted):
                tree.verify_consistency(
                    old=old, new=new, old_root=first, new_root=second, path=path
                )

    def test_refuses_an_empty_tree_with_another_root(self) -> None:
        with pytest.raises(errors.ProofRefuted):
            tree.verify_consistency(
                old=0, new=3, old_root=MANY[0], new_root=oracle.head(MANY[:3]), path=[]
            )


class TestFrontier:
    @given(st.lists(st.integers(0, 40), max_size=6))
    @settings(deadline=None, max_examples=60)
    def test_has_the_root_of_all_leaves_after_any_batches(self, batches: list[int]) -> None:
        frontier, size = tree.Frontier(), 0

        for batch in batches:
            frontier = frontier.extend(MANY[size : size + batch])
            size += batch

        assert frontier.size == size
        assert frontier.root() == oracle.head(MANY[:size])
        assert len(frontier.hashes) == size.bit_count()
