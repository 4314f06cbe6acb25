"""What hands, scanners and old systems do to a text: one error at a time, on one value."""

import unicodedata
from collections.abc import Callable, Mapping

import numpy as np

from databases import legacy_vietnamese, vietnamese
from databases.legacy_vietnamese import Encoding

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_SHAPES = "\u0302\u0306\u031b"
_LETTERS = "abcdeghiklmnopqrstuvxy"
_OLD_TONE = {"oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa"}
_OLD_TONE |= {"oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe"}
_OLD_TONE |= {"uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy"}
_NEW_TONE = {old: new for new, old in _OLD_TONE.items()}
_I_FOR_Y = {"Lý": "Lí", "Mỹ": "Mĩ", "Vỹ": "Vĩ", "Sỹ": "Sĩ", "Kỳ": "Kì", "Hy": "Hi", "Ty": "Ti"}
_SHORT = {
    "Thành phố": "TP.",
    "Tỉnh": "T.",
    "Quận": "Q.",
    "Huyện": "H.",
    "Thị xã": "TX.",
    "Thị trấn": "TT.",
    "Phường": "P.",
    "Xã": "X.",
}

Dice = np.random.Generator


def lose_signs(text: str, _: Dice) -> str:
    """Write the text without any marks, in its own case."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    return bare.replace("đ", "d").replace("Đ", "D")


def shout(text: str, _: Dice) -> str:
    """Write the text in upper case."""
    return text.upper()


def move_tone(text: str, _: Dice) -> str:
    """Place the tone marks the other way.

    >>> move_tone("Nguyễn Hoà", None), move_tone("Lê Thúy", None)
    ('Nguyễn Hòa', 'Lê Thuý')
    """
    words = text.split(" ")
    return " ".join(_swap_tone(word) for word in words)


def _swap_tone(word: str) -> str:
    table = _OLD_TONE if any(new in word for new in _OLD_TONE) else _NEW_TONE
    for one, other in table.items():
        if word.endswith(one):
            return word[: -len(one)] + other
    return word


def write_i_for_y(text: str, _: Dice) -> str:
    """Write i for a lone y."""
    return " ".join(_I_FOR_Y.get(word, word) for word in text.split(" "))


def err_in_sign(text: str, dice: Dice) -> str:
    """Give one letter another mark, or none."""
    decomposed = unicodedata.normalize("NFD", text)
    places = [i for i, c in enumerate(decomposed) if c in _TONES + _SHAPES]
    if not places:
        return text
    place = places[dice.integers(len(places))]
    family = _TONES if decomposed[place] in _TONES else _SHAPES
    other = ["", *(c for c in family if c != decomposed[place])][dice.integers(len(family))]
    return vietnamese.nfc(decomposed[:place] + other + decomposed[place + 1 :])


def err_in_letter(text: str, dice: Dice) -> str:
    """Drop, double, change or swap one letter."""
    places = [i for i, c in enumerate(text) if c.isalpha()]
    if len(places) < 3:
        return text
    place = places[dice.integers(1, len(places) - 1)]
    kind = dice.integers(4)
    if kind == 0:
        return text[:place] + text[place + 1 :]
    if kind == 1:
        return text[:place] + text[place] + text[place:]
    if kind == 2:
        return text[:place] + _LETTERS[dice.integers(len(_LETTERS))] + text[place + 1 :]
    return text[: place - 1] + text[place] + text[place - 1] + text[place + 1 :]


def change_middle(text: str, dice: Dice) -> str:
    """Leave out a middle name, or put in Thị or Văn."""
    words = text.split(" ")
    if len(words) >= 3:
        del words[1 + dice.integers(len(words) - 2)]
    elif len(words) == 2:
        words.insert(1, ("Thị", "Văn")[dice.integers(2)])
    return " ".join(words)


def change_order(text: str, dice: Dice) -> str:
    """Write the given name first, or two words in one."""
    words = text.split(" ")
    if len(words) < 2:
        return text
    if dice.integers(2):
        return " ".join([words[-1], *words[:-1]])
    place = dice.integers(1, len(words))
    return " ".join(
        [*words[: place - 1], words[place - 1] + words[place].lower(), *words[place + 1 :]]
    )


def write_in_old_letters(text: str, dice: Dice) -> str:
    """Write the text in TCVN3 or VNI, as it looks when it is read as something else."""
    return legacy_vietnamese.encode(text, (Encoding.TCVN3, Encoding.VNI)[dice.integers(2)])


def shorten_address(text: str, _: Dice) -> str:
    """Write the kinds of units as forms abbreviate them."""
    for word, short in _SHORT.items():
        text = text.replace(f"{word} ", short)
    return text


def err_in_digit(text: str, dice: Dice) -> str:
    """Type one digit wrongly."""
    place = int(dice.integers(len(text)))
    digit = str((int(text[place]) + int(dice.integers(1, 10))) % 10)
    return text[:place] + digit + text[place + 1 :]


def swap_digits(text: str, dice: Dice) -> str:
    """Swap two neighbouring digits that differ, if there are any."""
    places = [i for i in range(len(text) - 1) if text[i] != text[i + 1]]
    if not places:
        return text
    i = places[dice.integers(len(places))]
    return text[:i] + text[i + 1] + text[i] + text[i + 2 :]


NAME_ERRORS: Mapping[str, Callable[[str, Dice], str]] = {
    "i_for_y": write_i_for_y,
    "one_sign_wrong": err_in_sign,
    "letter_wrong": err_in_letter,
    "middle_name_changed": change_middle,
    "order_changed": change_order,
    "tone_moved": move_tone,
    "signs_lost": lose_signs,
    "upper_case": shout,
}
