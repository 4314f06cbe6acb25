"""Keys for comparing Vietnamese text: pure functions that never change the legal text itself.

A key is computed once, when a record is written, and stored as a column of its own beside the
legal text. PostgreSQL's `unaccent` is close to `fold` but not equal to it (it turns typographic
signs into several letters and knows no i/y rule), so there is no second form of the rules in SQL.
"""

import functools
import re
import unicodedata

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_STROKED_D = str.maketrans({"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"})
_SIGNS = {
    **dict.fromkeys("\u2018\u2019\u201b\u02bc\u02b9\u0060\u00b4\u2032\uff07", "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\uff0d", "-"),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
}
_SIGN_TABLE = str.maketrans(_SIGNS)
_SYLLABLE = re.compile(
    r"(?P<initial>ngh|gh|gi(?=[aăâeêioôơuưy])|kh|nh|ng|ph|qu(?=[aăâeêioôơuưy])|th|tr|ch|"
    r"[bcdđghklmnpqrstvxfjwz])?"
    r"(?P<nucleus>[aăâeêioôơuưy]{1,3})"
    r"(?P<final>ch|nh|ng|[cmnpt])?"
)
# What stands between initial and final; without marks too, for text that lost them.
_NUCLEUS = re.compile(
    "[aăâeêioôơuưy]|a[iouy]|â[uy]|e[ou]|êu|i[aêeu]|iêu|ieu|o[aăei]|oa[iouy]|oeo|ôi|ơi"
    "|u[aăâeêioôơyu]|ua[yio]|uây|u[ôo]i|ươ|ươ[iu]|uou|ưa|ư[iu]|uy[aêeu]|y[aêe]|y[êe]u"
)
_ACCENTED_VOWELS = "ăâêôơư"
# Only a lone y after a consonant is a spelling variant of i; "uy", "ay", "yê" are other sounds.
_LONE_Y = re.compile(r"((?:^|[^a-z])(?:[bcdghklmnpqrstvxfjwz]{1,3}|qu))y(?![a-z])")
_SYLLABLE_CACHE = 65_536


def nfc(text: str) -> str:
    r"""Compose the text as every stored text is composed.

    >>> nfc("Nguye\u0302\u0303n") == "Nguyễn"
    True
    """
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Reduce text to lower-case letters without any marks, for comparison only.

    Composed and decomposed text, đ and the Icelandic ð typed for it, and all apostrophes, dashes
    and spaces become equal.

    >>> fold("Nguyễn Thị ĐÀO") == fold(unicodedata.normalize("NFD", "NGUYỄN thị Đào"))
    True
    >>> fold("Ðặng"), fold("Đặng")
    ('dang', 'dang')
    >>> fold("Ea  H’Leo"), fold("Ea H'Leo")
    ("ea h'leo", "ea h'leo")
    """
    lowered = unicodedata.normalize("NFD", text.translate(_STROKED_D).lower())
    bare = "".join(mark for mark in lowered if unicodedata.category(mark) != "Mn")
    return " ".join(bare.translate(_SIGN_TABLE).replace("đ", "d").split())


def tone_key(text: str) -> str:
    """Write every tone mark in its place of the newer style and lower the letters.

    Letters keep their diacritics, so that ``Hòa`` and ``Hoà`` are equal while ``Hoa`` is not.

    >>> tone_key("Hòa"), tone_key("hoà"), tone_key("THỦY"), tone_key("Thuỷ")
    ('hoà', 'hoà', 'thuỷ', 'thuỷ')
    >>> tone_key("hòe"), tone_key("úy"), tone_key("Thúy"), tone_key("Thuý")
    ('hoè', 'uý', 'thuý', 'thuý')
    >>> tone_key("bìa lụa lửa biển thuyền nhuộm được")
    'bìa lụa lửa biển thuyền nhuộm được'
    >>> tone_key("quán già gì quý hoàn khoái")
    'quán già gì quý hoàn khoái'
    >>> tone_key("Ðặng") == tone_key("Đặng")
    True
    """
    return " ".join(map(_syllable_tone_key, text.split()))


def iy_key(text: str) -> str:
    """Write a lone y after a consonant as i, in folded text.

    >>> iy_key("Lý") == iy_key("Lí"), iy_key("Mỹ") == iy_key("Mĩ"), iy_key("Quý") == iy_key("Quí")
    (True, True, True)
    >>> iy_key("Sĩ") == iy_key("Sỹ"), iy_key("Vỹ") == iy_key("Vĩ")
    (True, True)
    >>> iy_key("Thúy"), iy_key("Huy"), iy_key("Nguyễn"), iy_key("Y Bhiăm")
    ('thuy', 'huy', 'nguyen', 'y bhiam')
    """
    return _LONE_Y.sub(r"\1i", fold(text))


def name_key(text: str) -> str:
    """Make the key by which search and code lists compare names: folded, i for a lone y, no dashes.

    >>> name_key("Lý Thị Thuý  Hòa"), name_key("LÍ THỊ THÚY HOÀ")
    ('li thi thuy hoa', 'li thi thuy hoa')
    >>> name_key("Bà Rịa – Vũng Tàu") == name_key("Bà Rịa-Vũng Tàu")
    True
    >>> name_key("H’Hen Niê"), name_key("Ðỗ Mỹ")
    ("h'hen nie", 'do mi')
    """
    return " ".join(filter(None, map(_syllable_name_key, text.split())))


@functools.lru_cache(maxsize=_SYLLABLE_CACHE)
def _syllable_name_key(syllable: str) -> str:
    return " ".join(iy_key(syllable).replace("-", " ").split())


@functools.lru_cache(maxsize=_SYLLABLE_CACHE)
def _syllable_tone_key(syllable: str) -> str:
    """Place the tone of one written syllable, or of several joined by signs such as a dash."""
    lowered = nfc(syllable.translate(_STROKED_D).lower()).translate(_SIGN_TABLE)
    parts = re.split(r"([-'.,;:/()]+)", lowered)
    return "".join(map(_place_tone, parts))


def place_tone(syllable: str, tone: str) -> str:
    r"""Put a tone mark on a lower-case syllable without one; text that is none stays as it is.

    >>> place_tone("nguyên", "\u0303"), place_tone("hoa", "\u0300"), place_tone("xyz", "\u0300")
    ('nguyễn', 'hoà', 'xyz')
    """
    match = _SYLLABLE.fullmatch(syllable)
    if match is None or not tone:
        return syllable
    place = match.start("nucleus") + _tone_offset(match["nucleus"], match["final"])
    return nfc(syllable[: place + 1] + tone + syllable[place + 1 :])


def is_vietnamese(text: str) -> bool:
    """Test whether every word of a text could be a Vietnamese syllable, with at most one tone.

    >>> is_vietnamese("Nguyễn Thị  HOÀ"), is_vietnamese("Nguyen Van A"), is_vietnamese("")
    (True, True, False)
    >>> is_vietnamese("NguyÔn"), is_vietnamese("Vaên"), is_vietnamese("Nguyeenx")
    (False, False, False)
    """
    words = nfc(text).lower().split()
    return bool(words) and all(map(_is_syllable, words))


@functools.lru_cache(maxsize=_SYLLABLE_CACHE)
def _is_syllable(word: str) -> bool:
    tones, bare = _split_tone(word)
    match = _SYLLABLE.fullmatch(bare)
    return match is not None and len(tones) < 2 and _NUCLEUS.fullmatch(match["nucleus"]) is not None


def _split_tone(syllable: str) -> tuple[list[str], str]:
    decomposed = unicodedata.normalize("NFD", syllable)
    tones = [mark for mark in decomposed if mark in _TONES]
    return tones, nfc("".join(mark for mark in decomposed if mark not in _TONES))


def _place_tone(syllable: str) -> str:
    tones, bare = _split_tone(syllable)
    # No tone, or no Vietnamese syllable (foreign word, typing remnant): nothing to move.
    if len(tones) != 1 or _SYLLABLE.fullmatch(bare) is None:
        return syllable
    return place_tone(bare, tones[0])


def _tone_offset(nucleus: str, final: str | None) -> int:
    accented = [place for place, letter in enumerate(nucleus) if letter in _ACCENTED_VOWELS]
    if accented:
        return accented[-1]
    if len(nucleus) == 1:
        return 0
    if len(nucleus) > 2 or final or nucleus in {"oa", "oe", "uy"}:
        return 1
    return 0
