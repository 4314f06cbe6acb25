"""Issue numbers of certificates: as people write them, and in their normal form."""

import functools
import re
import unicodedata

from databases.law import LegalNumber
from land import errors, legal
from land.values.kinds import NumberForm
from land.values.papers import IssueNumber


def _letters_and(digits: LegalNumber[int]) -> re.Pattern[str]:
    return re.compile(f"[A-ZĐ]{{2}}[0-9]{{{digits.value}}}")


_FORMS = (
    (NumberForm.LETTERS_8, _letters_and(legal.CERTIFICATE_DIGITS_2025)),
    (NumberForm.LETTERS_6, _letters_and(legal.CERTIFICATE_DIGITS_2009)),
    (NumberForm.LETTER_6, re.compile(r"[A-ZĐ][0-9]{6}")),
)
# Any form that the clean-up of 2025 accepts: one or two letters, six to eight digits.
_ACCEPTED = re.compile(r"[A-ZĐ]{1,2}[0-9]{6,8}")
_LABELS = re.compile(r"^(SỐ PHÁT HÀNH|SO PHAT HANH|SỐ SERI|SO SERI|SERI|SERIAL|SỐ)[\s.:]+")
_SEPARATORS = re.compile(r"[\s.,\-_/:;·'\"]+")
# A space between letters and digits is how the number is printed; anything else parts it.
_PARTED = re.compile(r"[.,\-_/:;·'\"]|(?<=[0-9])\s+(?=[0-9])")
# A scan joins the label "Số" to the number: SOAN 276270 is AN 276270.
_STUCK_LABEL = re.compile(r"S[OỐÔ](?=[A-ZĐ]{2}[0-9]{6})")
_LOOKALIKES = str.maketrans("OIL", "011")
_DIGITS_PART = re.compile(r"([A-ZĐ]{1,2})([0-9OIL]{6,8})")


# A load asks for the number of a row several times: to name its parcel, to hold it, to write it.
@functools.lru_cache(maxsize=65536)
def read_number(text: str) -> IssueNumber:
    """Read an issue number; nothing that is doubtful is silently taken for certain.

    >>> read_number("Số phát hành: CB 246904").number
    'CB246904'
    >>> read_number("SOAN 276270").flags
    ('label_stuck',)
    >>> read_number("cb.246.9O4").is_certain
    False

    Source:
        Circular 17/2009/TT-BTNMT and Circular 23/2014/TT-BTNMT (two letters, six digits; forms
        as seen in data, articles not verified); Circular 10/2024/TT-BTNMT (eight digits, recalled).
        The stuck label and the accepted widest form are facts of the clean-up of 2025.
    """
    upper = unicodedata.normalize("NFC", text).upper().strip()
    if not upper:
        return IssueNumber(None, None, ("empty",))
    flags = []
    bare = _LABELS.sub("", upper)
    if bare != upper:
        flags.append("label_removed")
    if _PARTED.search(bare):
        flags.append("separators_removed")
    bare = _SEPARATORS.sub("", bare)
    unstuck = _STUCK_LABEL.sub("", bare, count=1)
    if unstuck != bare and not _ACCEPTED.fullmatch(bare):
        flags.append("label_stuck")
        bare = unstuck
    if not _ACCEPTED.fullmatch(bare):
        parts = _DIGITS_PART.fullmatch(bare)
        if parts is None:
            return IssueNumber(None, None, (*flags, "unreadable"))
        flags.append("letters_for_digits")
        bare = parts[1] + parts[2].translate(_LOOKALIKES)
    form = next((form for form, shape in _FORMS if shape.fullmatch(bare)), NumberForm.OTHER)
    if form is NumberForm.OTHER:
        flags.append("unknown_form")
    return IssueNumber(bare, form, tuple(flags))


def require_number(text: str, *, field: str = "issue_number") -> str:
    """Give the normal form of a number that is read without doubt.

    Raises:
        WrongCertificate: it is empty, not readable, or only by a guess.

    Source:
        As `read_number`.
    """
    read = read_number(text)
    if read.number is None or not read.is_certain:
        message = "An issue number has one or two letters and six to eight digits."
        raise errors.WrongCertificate.of_field(field, "issue_number.shape", message)
    return read.number
