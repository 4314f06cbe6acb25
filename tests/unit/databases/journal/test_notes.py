import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from databases.journal import errors, notes

# The key and note of the reference implementation of signed notes (sumdb/note).
REFERENCE_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
REFERENCE_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
REFERENCE_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
REFERENCE_NOTE = (
    f"{REFERENCE_TEXT}\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FF"
    "YC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ROOT = hashlib.sha256(b"root").digest()


def make_signer(name: str = "exchange.example/log") -> notes.Signer:
    seed = hashlib.sha256(name.encode()).digest()
    return notes.Signer(name, ed25519.Ed25519PrivateKey.from_private_bytes(seed))


def make_checkpoint_note(signer: notes.Signer | None = None) -> str:
    signer = signer or make_signer()
    text = notes.Checkpoint("exchange.example/log", 42, ROOT).text()
    return notes.sign_note(text, [signer]).serialize()


class TestSignNote:
    def test_writes_the_reference_note(self) -> None:
        private_key = ed25519.Ed25519PrivateKey.from_private_bytes(REFERENCE_SEED)

        note = notes.sign_note(REFERENCE_TEXT, [notes.Signer("PeterNeumann", private_key)])

        assert note.serialize() == REFERENCE_NOTE

    def test_keeps_earlier_signatures_in_front(self) -> None:
        log, witness = make_signer(), make_signer("witness.example")
        first = notes.sign_note("text\n", [log])

        second = notes.sign_note("text\n", [witness], earlier=first.signatures)

        assert notes.verify_note(second, [witness.verifier, log.verifier]) == [
            log.verifier,
            witness.verifier,
        ]

    @pytest.mark.parametrize("text", ["", "\n", "no newline", "tab\there\n", "return\r\n"])
    def test_refuses_a_text_no_note_can_hold(self, text: str) -> None:
        with pytest.raises(errors.MalformedNote):
            notes.sign_note(text, [make_signer()])


class TestSigner:
    @pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb"])
    def test_refuses_a_name_no_line_can_hold(self, name: str) -> None:
        with pytest.raises(errors.MalformedNote):
            make_signer(name)


class TestParseVerifierKey:
    def test_reads_the_reference_key_and_writes_it_again(self) -> None:
        assert notes.parse_verifier_key(REFERENCE_KEY).key_string() == REFERENCE_KEY

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "PeterNeumann",
            REFERENCE_KEY[1:],
            REFERENCE_KEY[:-1],
            REFERENCE_KEY + "A",
            REFERENCE_KEY.replace("c74f20a3", "c74f20a4"),
            REFERENCE_KEY.replace("c74f20a3", "C74F20A3"),
            REFERENCE_KEY.replace("ARpc", "AZpc"),
            REFERENCE_KEY.replace("ARpc", "Ahpc"),
        ],
    )
    def test_refuses_a_changed_key(self, text: str) -> None:
        with pytest.raises(errors.MalformedVerifierKey):
            notes.parse_verifier_key(text)


class TestParseNote:
    def test_reads_what_was_written(self) -> None:
        assert notes.parse_note(REFERENCE_NOTE).serialize() == REFERENCE_NOTE

    @pytest.mark.parametrize(
        "data",
        [
            "",
            "text\n",
            "text\n\n",
            REFERENCE_NOTE[:-1],
            REFERENCE_NOTE + "x",
            REFERENCE_NOTE.replace("\u2014", "-"),
            REFERENCE_NOTE.replace("\u2014 ", "\u2014"),
            REFERENCE_NOTE.replace("nAM=", "nAN="),
            REFERENCE_NOTE.replace("nAM=", "nAM"),
            REFERENCE_NOTE.replace("nAM=\n", "nAM= \n"),
            REFERENCE_NOTE.replace("\n", "\r\n"),
            REFERENCE_NOTE.replace("If you", "If\tyou"),
            REFERENCE_TEXT + "\n" + "\u2014 a AAAA\n",
            REFERENCE_TEXT + "\n" + "\u2014 a AAAAAAAA\n" * 65,
            b"\xff\xfe\n\n\xe2\x80\x94 a AAAAAAAA\n",
            "\ud800\n\n\u2014 a AAAAAAAA\n",
        ],
        ids=range(16),
    )
    def test_refuses_what_is_no_note(self, data: str | bytes) -> None:
        with pytest.raises(errors.MalformedNote):
            notes.parse_note(data)


class TestVerifyNote:
    def test_accepts_the_reference_note(self) -> None:
        verifier = notes.parse_verifier_key(REFERENCE_KEY)

        assert notes.verify_note(notes.parse_note(REFERENCE_NOTE), [verifier]) == [verifier]

    def test_refuses_a_changed_text(self) -> None:
        note = notes.parse_note(REFERENCE_NOTE.replace("answer", "Answer"))

        with pytest.raises(errors.NoteNotVerified):
            notes.verify_note(note, [notes.parse_verifier_key(REFERENCE_KEY)])

    def test_refuses_a_note_that_no_known_key_signed(self) -> None:
        with pytest.raises(errors.NoteNotVerified):
            notes.verify_note(notes.parse_note(REFERENCE_NOTE), [make_signer().verifier])

    def test_refuses_a_wrong_signature_beside_a_right_one(self) -> None:
        log, witness = make_signer(), make_signer("witness.example")
        right = notes.sign_note("text\n", [log]).signatures
        wrong = notes.sign_note("other\n", [witness]).signatures
        note = notes.Note("text\n", (*right, *wrong))

        with pytest.raises(errors.NoteNotVerified):
            notes.verify_note(note, [log.verifier, witness.verifier])

    def test_ignores_the_signature_of_an_unknown_key(self) -> None:
        log = make_signer()
        unknown = notes.sign_note("other\n", [make_signer("unknown.example")]).signatures
        note = notes.sign_note("text\n", [log], earlier=unknown)

        assert notes.verify_note(note, [log.verifier]) == [log.verifier]


class TestParseCheckpoint:
    def test_reads_what_was_written(self) -> None:
        checkpoint = notes.Checkpoint("exchange.example/log", 42, ROOT, ("more",))

        assert notes.parse_checkpoint(checkpoint.text()) == checkpoint

    @pytest.mark.parametrize("size", ["", "-1", "042", "4 2", "0x1", "\u0664", "1" * 20])
    def test_refuses_a_malformed_size(self, size: str) -> None:
        with pytest.raises(errors.MalformedNote):
            notes.parse_checkpoint(f"log\n{size}\n{base64.b64encode(ROOT).decode()}\n")

    @pytest.mark.parametrize("root", [ROOT[:31], ROOT + b"\x00"])
    def test_refuses_a_root_of_another_length(self, root: bytes) -> None:
        with pytest.raises(errors.MalformedNote):
            notes.parse_checkpoint(f"log\n1\n{base64.b64encode(root).decode()}\n")

    def test_refuses_an_empty_line(self) -> None:
        with pytest.raises(errors.MalformedNote):
            notes.parse_checkpoint(f"\n1\n{base64.b64encode(ROOT).decode()}\n")


class TestOpenCheckpoint:
    def test_gives_the_head_of_the_log(self) -> None:
        opened = notes.open_checkpoint(make_checkpoint_note(), make_signer().verifier)

        assert (opened.tree_size, opened.root_hash) == (42, ROOT)

    def test_refuses_a_checkpoint_of_another_log(self) -> None:
        other = make_signer("other.example/log")

        with pytest.raises(errors.MalformedNote):
            notes.open_checkpoint(make_checkpoint_note(other), other.verifier)
