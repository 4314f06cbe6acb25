"""Text of the time before Unicode: recognised and read, or left alone where it is not certain.

Old databases hold one-byte TCVN3 (ABC) and two-byte VNI text that was later read as Latin, and
words as they were typed when the keyboard driver was off (Telex, VNI digits). What is read here is
for comparison; a legal name is never rewritten by it.

Source: TCVN 5712:1993, set VN3; the VNI-Windows table of VNI Software Company; both as the fonts
of the time had them (no text of the tables is in force since TCVN 6909:2001 chose Unicode).
"""

import re
import unicodedata
from enum import StrEnum

from databases import vietnamese

_TCVN3_LETTERS = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ"
_TCVN3_BYTES = (
    "b5b6b7b8b9a8bbbcbdbec6a9c7c8c9cacbaecccecfd0d1aad2d3d4d5d6d7d8dcdddedfe1e2e3e4abe5e6e7e8e9ac"
    "eaebecedeeeff1f2f3f4adf5f6f7f8f9fafbfcfdfea1a2a3a4a5a6a7"
)
_TCVN3 = dict(zip(bytes.fromhex(_TCVN3_BYTES).decode("latin-1"), _TCVN3_LETTERS, strict=True))
_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_HAT, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"
_VNI_MARKS = {
    "ø": _GRAVE,
    "ù": _ACUTE,
    "û": _HOOK,
    "õ": _TILDE,
    "ï": _DOT,
    "â": _HAT,
    "ê": _BREVE,
    "à": _HAT + _GRAVE,
    "á": _HAT + _ACUTE,
    "å": _HAT + _HOOK,
    "ã": _HAT + _TILDE,
    "ä": _HAT + _DOT,
    "è": _BREVE + _GRAVE,
    "é": _BREVE + _ACUTE,
    "ú": _BREVE + _HOOK,
    "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}
_VNI_LETTERS = {"ñ": "đ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị"}
_VNI_LETTERS |= {"î": "ỵ"}
_VNI_BASES = "aeouyôö"
_TELEX_TONES = {"f": _GRAVE, "s": _ACUTE, "r": _HOOK, "x": _TILDE, "j": _DOT}
_TELEX_SHAPES = {"aa": "â", "aw": "ă", "ee": "ê", "oo": "ô", "ow": "ơ", "uw": "ư", "dd": "đ"}
_DIGIT_TONES = {"1": _ACUTE, "2": _GRAVE, "3": _HOOK, "4": _TILDE, "5": _DOT}
_DIGIT_SHAPES = {"a6": "â", "e6": "ê", "o6": "ô", "o7": "ơ", "u7": "ư", "a8": "ă", "d9": "đ"}
_TYPED_DIGITS = re.compile(r"[a-z]+[1-9][a-z1-9]*", re.IGNORECASE)
# A tone letter alone ends many a foreign name: only a doubled letter or a w shows the driver.
_TELEX = re.compile(r"aa|aw|ee|oo|ow|uw|dd", re.IGNORECASE)


class Encoding(StrEnum):
    """How a text was written."""

    TCVN3 = "tcvn3"
    VNI = "vni"
    TELEX = "telex"
    VNI_DIGITS = "vni_digits"


def decode(text: str) -> tuple[str, Encoding | None]:
    """Read legacy text, if it certainly is such text.

    Certain is what holds no Vietnamese as it stands, and only Vietnamese syllables when it is read
    in exactly one of the ways.

    Returns:
        the text, decoded or as it was, and how it had been written; None where it was left alone.

    >>> [decode(text)[0] for text in ("NguyÔn V¨n A", "Nguyeãn Vaên Ñöùc")]
    ['Nguyễn Văn A', 'Nguyễn Văn Đức']
    >>> [decode(text)[0] for text in ("Nguyeenx Thij Hoaf", "Nguye6n4 Va8n D9u71c")]
    ['Nguyễn Thị Hoà', 'Nguyễn Văn Đức']
    >>> decode("NguyÔn V¨n A")[1].value, decode("Nguyeãn Vaên Ñöùc")[1].value
    ('tcvn3', 'vni')
    >>> [decode(text)[1] for text in ("Nguyễn Văn Đức", "Nguyen Van Duc", "François Müller")]
    [None, None, None]
    >>> [decode(text)[1] for text in ("Max Chan", "Roof", "Jens Bos")]
    [None, None, None]
    """
    if vietnamese.is_vietnamese(text):
        return text, None
    readings = {
        encoding: read
        for encoding, read in ((one, _READERS[one](text)) for one in Encoding)
        if read is not None and vietnamese.is_vietnamese(read)
    }
    if len(set(readings.values())) != 1:
        return text, None
    encoding, read = next(iter(readings.items()))
    return read, encoding


def _read_tcvn3(text: str) -> str | None:
    if not any(ord(c) > 127 for c in text) or any(ord(c) > 255 for c in text):
        return None
    read = "".join(_TCVN3.get(c, c) for c in text)
    # Upper-case fonts showed lower-case accented letters: a word in capitals is one throughout.
    return " ".join(w.upper() if _is_shouted(w) else w for w in read.split(" "))


def _is_shouted(word: str) -> bool:
    plain = [c for c in word if c.isascii() and c.isalpha()]
    return len(plain) > 1 and all(c.isupper() for c in plain)


def _read_vni(text: str) -> str | None:
    if not any(ord(c) > 127 for c in text):
        return None
    written: list[str] = []
    before = ""
    for c in text:
        small = c.lower()
        mark = _VNI_MARKS.get(small)
        if mark is not None and before in _VNI_BASES and before:
            written.append(mark)
            before = ""
            continue
        letter = _VNI_LETTERS.get(small, small)
        written.append(letter.upper() if c.isupper() else letter)
        before = small
    return vietnamese.nfc("".join(written))


def _read_telex(text: str) -> str | None:
    if not text.isascii() or not _TELEX.search(text) or " " not in text.strip():
        return None
    return " ".join(_read_typed(word, _TELEX_SHAPES, _TELEX_TONES) for word in text.split(" "))


def _read_digits(text: str) -> str | None:
    if not text.isascii() or not any(_TYPED_DIGITS.fullmatch(word) for word in text.split(" ")):
        return None
    return " ".join(_read_typed(word, _DIGIT_SHAPES, _DIGIT_TONES) for word in text.split(" "))


def _read_typed(word: str, shapes: dict[str, str], tones: dict[str, str]) -> str:
    """Put together what the keyboard driver would have made of the keys of one word."""
    if vietnamese.is_vietnamese(word):
        return word
    small = word.lower()
    tone = ""
    for place in range(len(small) - 1, 0, -1):
        if small[place] in tones:
            tone = tones[small[place]]
            small = small[:place] + small[place + 1 :]
            break
    for keys, letter in shapes.items():
        small = small.replace(keys, letter)
    if "uơ" in small:
        small = small.replace("uơ", "ươ")
    read = vietnamese.place_tone(small, tone)
    if word.isupper():
        return read.upper()
    return read[:1].upper() + read[1:] if word[:1].isupper() else read


def encode(text: str, encoding: Encoding) -> str:
    """Write text as an old system did, for invented data; only TCVN3 and VNI can be written.

    >>> encode("Nguyễn Văn A", Encoding.TCVN3), encode("Nguyễn Văn A", Encoding.VNI)
    ('NguyÔn V¨n A', 'Nguyeãn Vaên A')
    """
    composed = vietnamese.nfc(text)
    if encoding is Encoding.TCVN3:
        bytes_of = {letter: byte for byte, letter in _TCVN3.items()}
        return "".join(bytes_of.get(c) or bytes_of.get(c.lower(), c) for c in composed)
    return "".join(_vni_letter(c) for c in composed)


def _vni_letter(letter: str) -> str:
    own = {read: written for written, read in _VNI_LETTERS.items()}
    if letter.lower() in own:
        return _in_case(own[letter.lower()], letter)
    decomposed = unicodedata.normalize("NFD", letter)
    base, marks = decomposed[0], decomposed[1:]
    if _HORN in marks:
        base, marks = (
            _in_case("ô" if base.lower() == "o" else "ö", letter),
            marks.replace(_HORN, ""),
        )
    written = {mark: c for c, mark in _VNI_MARKS.items()}
    ordered = "".join(sorted(marks, key=lambda m: m not in (_HAT, _BREVE)))
    return base + (_in_case(written[ordered], letter) if ordered in written else ordered)


def _in_case(text: str, like: str) -> str:
    return text.upper() if like.isupper() else text


_READERS = {
    Encoding.TCVN3: _read_tcvn3,
    Encoding.VNI: _read_vni,
    Encoding.TELEX: _read_telex,
    Encoding.VNI_DIGITS: _read_digits,
}
