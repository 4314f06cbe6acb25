"""The working folder of one load: validated chunks that survive a kill, until all is recorded."""

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Final

import pyarrow.csv as pa_csv

from databases.loading.typed import Reject, Validated

REJECT_COLUMNS: Final = ("line", "column", "value", "rule", "reason")
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Fingerprint:
    """What a chunk depends on; a load is resumed only when all of it is the same.

    Args:
        file: SHA-256 of the file.
        mapping: SHA-256 of the mapping.
        chunk_rows: rows of a chunk.
        reference: digest of what cells were checked against (code lists, the day).
    """

    file: str
    mapping: str
    chunk_rows: int
    reference: str


@dataclass(frozen=True)
class ChunkNote:
    """What was counted in one chunk."""

    read: int
    rejected: int


def fingerprint_file(path: Path) -> tuple[str, int]:
    """Give the SHA-256 of a file and the number of its line ends."""
    digest = hashlib.sha256()
    ends = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            ends += block.count(b"\n")
    return digest.hexdigest(), ends


class Workspace:
    """A folder with the chunks done so far.

    A chunk counts as done when its note exists; the note is written last and put in place by a
    rename, so that a kill leaves either a whole chunk or none.
    """

    def __init__(self, folder: Path, fingerprint: Fingerprint) -> None:
        self.folder = folder
        self._sign = folder / "load.json"
        wanted = json.dumps(asdict(fingerprint), sort_keys=True)
        self.resumed = self._sign.exists() and self._sign.read_text(encoding="utf-8") == wanted
        if not self.resumed:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True, mode=0o700)
            _put(self._sign, wanted)

    def find_note(self, number: int) -> ChunkNote | None:
        """Find the note of a chunk that is done."""
        path = self._path(number, "json")
        return ChunkNote(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None

    def save(self, number: int, read: int, validated: Validated) -> ChunkNote:
        """Keep a validated chunk."""
        options = pa_csv.WriteOptions(include_header=False, quoting_style="all_valid")
        pa_csv.write_csv(validated.table, self.rows(number), options)
        with self._path(number, "rejects").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(astuple(reject) for reject in validated.rejects)
        note = ChunkNote(read, validated.rejected)
        _put(self._path(number, "json"), json.dumps(asdict(note)))
        return note

    def rows(self, number: int) -> Path:
        """Name the file with the good rows of a chunk."""
        return self._path(number, "rows")

    def iterate_rejects(self, chunks: int) -> Iterator[Reject]:
        """Give the rejects of the chunks in the order of the file."""
        for number in range(chunks):
            with self._path(number, "rejects").open(encoding="utf-8", newline="") as file:
                for line, *others in csv.reader(file):
                    yield Reject(int(line), *others)

    def remove(self) -> None:
        """Remove the folder: everything is recorded."""
        shutil.rmtree(self.folder)

    def _path(self, number: int, kind: str) -> Path:
        return self.folder / f"chunk-{number:05d}.{kind}"


def _put(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
