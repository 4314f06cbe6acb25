"""Samples of links for a person to label, and what follows from the labels."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from databases.errors import FieldProblem
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.in_house import Errand
from sharing_api.links import calibrating, errors
from sharing_api.links.calibrating import Labelled, Verdict
from sharing_api.links.repository import calibrations, links, working_set
from sharing_api.links.repository.calibrations import Calibration
from sharing_api.links.reviewing import Reviewer
from sharing_api.links.values import Comparison, Link, Shown
from sharing_api.matching.model import Model

LINK, SAME = "link", "same"
_ANSWERS: Mapping[str, bool] = {"1": True, "yes": True, "0": False, "no": False}
_MOST_PROBLEMS = 20


class Sampler:
    """Draws samples and reads labels.

    Args:
        corridor: that everything shown of a register passes.
        errand: who labels, and why.
        clock: gives the moment.
        model: of the likeness.
    """

    def __init__(
        self, corridor: Corridor, errand: Errand, clock: Callable[[], datetime], model: Model
    ) -> None:
        self._databases = corridor.databases
        self._errand = errand
        self._clock = clock
        self._model = model
        self._reviewer = Reviewer(corridor, errand, clock)

    def count_wanted(self, precision: float) -> int:
        """Say how many labels are needed if all of them are the same, at every threshold."""
        error = (1 - calibrating.CONFIDENCE) / calibrating.STRETCHES
        return calibrating.labels_needed(precision, error)

    def draw(self, comparison: Comparison, wanted: int, seed: int) -> Iterator[Shown]:
        """Draw links of a comparison and show them; each record leaves an entry in the log.

        Raises:
            BadSample: there are no links to draw from.
            AgreementRefuses, LogUnavailable: nothing more is shown.
        """
        with self._databases.reading("exchange") as session:
            found = links.list_weights(session, comparison.name)
        if not found:
            raise errors.BadSample("There are no links of that comparison: let it run first.")
        places = calibrating.draw([weight for _, weight in found], wanted, seed)
        for place in places:
            yield self._reviewer.show(found[place][0])

    def read(self, content: bytes, precision: float) -> tuple[str, Verdict]:
        """Find the threshold that labels justify and keep it; the next run judges by it.

        Args:
            content: of the labelled file; a line without an answer is left out.

        Returns:
            name of the comparison, and what the labels say.

        Raises:
            BadSample: `fields` says what is wrong in which line.
        """
        answers = read_labels(content)
        with self._databases.writing("exchange") as session:
            found = {number: links.find(session, number) for number in answers}
            comparison = self._check(found)
            weights = links.list_weights(session, comparison)
            weight_of = dict(weights)
            labelled = [
                Labelled(weight_of[number], is_same)
                for number, is_same in answers.items()
                if number in weight_of
            ]
            verdict = calibrating.judge([one for _, one in weights], labelled, precision)
            chosen = verdict.chosen
            calibrations.add(
                session,
                Calibration(
                    comparison=comparison,
                    model_version=self._model.version,
                    precision=precision,
                    confidence=calibrating.CONFIDENCE,
                    weight=None if chosen is None else chosen.weight,
                    bound=None if chosen is None else chosen.bound,
                    labelled=len(labelled),
                    labelled_same=sum(one.is_same for one in labelled),
                    sample_hash=hashlib.sha256(content).digest(),
                    officer=self._errand.officer,
                    recorded_at=self._clock(),
                ),
            )
            if chosen is not None:
                tags = links.list_left_tags(session, comparison)
                working_set.touch(session, ((comparison, tag) for tag in tags))
        return comparison, verdict

    def _check(self, found: Mapping[int, Link | None]) -> str:
        names = {one.comparison for one in found.values() if one is not None}
        missing = [number for number, one in found.items() if one is None]
        other = [
            number
            for number, one in found.items()
            if one is not None and one.model_version != self._model.version
        ]
        if missing or len(names) != 1 or other:
            problems = [
                FieldProblem(f"link {number}", rule, message)
                for some, rule, message in (
                    (missing, "sample.unknown_link", "There is no such link."),
                    (other, "sample.other_model", "It was weighed by another model."),
                )
                for number in some[:_MOST_PROBLEMS]
            ]
            raise errors.BadSample(
                "A sample is of links of one comparison, weighed by the model of today.",
                fields=problems,
            )
        return names.pop()


def write_sample(shown: Sequence[Shown]) -> str:
    """Write links as CSV for a person: both sides of each field, and an empty answer.

    How likely they are is not written: it would lead the hand.
    """
    names = list(dict.fromkeys(name for one in shown for side in one.fields for name in side))
    columns = [LINK, *(f"{side}_{name}" for name in names for side in ("left", "right")), SAME]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    for one in shown:
        sides = zip(("left", "right"), one.fields, strict=True)
        values = {
            f"{side}_{name}": _safe("; ".join(texts))
            for side, own in sides
            for name, texts in own.items()
        }
        writer.writerow({LINK: one.link.link_id, **values})
    return out.getvalue()


def _safe(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def read_labels(content: bytes) -> dict[int, bool]:
    """Read the answers of a labelled file: link → whether its records are the same.

    Raises:
        BadSample: it is not UTF-8, has no such columns, no answer, or an answer that is none.
    """
    try:
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
        columns = rows.fieldnames or ()
        lines = list(enumerate(rows, start=2))
    except (UnicodeDecodeError, csv.Error) as error:
        raise errors.BadSample("Write the sample as CSV in UTF-8.") from error
    missing = [name for name in (LINK, SAME) if name not in columns]
    if missing:
        raise errors.BadSample(f"The sample has no column {' and no column '.join(missing)}.")
    answers: dict[int, bool] = {}
    problems = []
    for number, row in lines:
        link, answer = (row[LINK] or "").strip(), (row[SAME] or "").strip().casefold()
        if not answer:
            continue
        if not link.isascii() or not link.isdigit():
            problems.append(FieldProblem(f"line {number}", "sample.link", "Give a link's number."))
        elif answer not in _ANSWERS:
            message = "Answer 1 or yes, 0 or no; leave it empty if you cannot tell."
            problems.append(FieldProblem(f"line {number}", "sample.answer", message))
        elif answers.setdefault(int(link), _ANSWERS[answer]) is not _ANSWERS[answer]:
            message = "The link has another answer before."
            problems.append(FieldProblem(f"line {number}", "sample.twice", message))
    if problems or not answers:
        raise errors.BadSample(
            "Not every line of the sample can be read." if problems else "Nothing is labelled.",
            fields=problems[:_MOST_PROBLEMS],
        )
    return answers
