"""The catalogue of code lists in memory: what a code means, its children, its successors.

It is built once and then only read, so threads may share it.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from datetime import date
from typing import TypeVar, cast

from databases import vietnamese
from databases.code_lists import errors, values

_Built = TypeVar("_Built")
_Key = tuple[str, str]


class Catalogue:
    """Every version of every list, its codes and their succession.

    Args:
        versions: the versions of the lists.
        codes: codes of these versions.
        successions: which old code went into which new one.

    Raises:
        UnknownCodeList: a code belongs to a version that is not given.
        DuplicateCode: a code stands twice in a version.
        UnknownCode: a succession names a code that is not given.
    """

    def __init__(
        self,
        versions: Iterable[values.CodeListVersion],
        codes: Iterable[values.Code],
        successions: Iterable[values.Succession],
    ) -> None:
        self._versions = {(item.list_code, item.version): item for item in versions}
        self._codes: dict[_Key, dict[str, values.Code]] = {key: {} for key in self._versions}
        self._children: dict[_Key, dict[str | None, list[values.Code]]] = {}
        self._forward: dict[tuple[str, str, str], list[values.Succession]] = defaultdict(list)
        self._backward: dict[tuple[str, str, str], list[values.Succession]] = defaultdict(list)
        self._successions = tuple(successions)
        self._built: dict[Hashable, object] = {}
        self._add_codes(codes)
        self._add_successions()

    def _add_codes(self, codes: Iterable[values.Code]) -> None:
        for code in codes:
            held = self._codes_of(code.list_code, code.version)
            if code.code in held:
                raise errors.DuplicateCode(
                    f"Code {code.code!r} stands twice in list {code.list_code}, version "
                    f"{code.version}. Keep one of the two rows."
                )
            held[code.code] = code

    def _add_successions(self) -> None:
        for step in self._successions:
            old = (step.list_code, step.old_version, step.old_code)
            new = (step.list_code, step.new_version, step.new_code)
            for list_code, version, code in (old, new):
                if code not in self._codes_of(list_code, version):
                    raise errors.UnknownCode(list_code, version, code)
            self._forward[old].append(step)
            self._backward[new].append(step)

    def _codes_of(self, list_code: str, version: str) -> dict[str, values.Code]:
        try:
            return self._codes[list_code, version]
        except KeyError:
            raise errors.UnknownCodeList(list_code, version) from None

    def with_codes(
        self, codes: Iterable[values.Code], source: values.SourceFile | None = None
    ) -> "Catalogue":
        """Make a catalogue that also holds further codes of known versions.

        Args:
            codes: codes of versions that this catalogue has.
            source: the file they were read from; it is added to their versions.

        Raises:
            UnknownCodeList: a code belongs to a version that the catalogue lacks.
            DuplicateCode: a code is already there.
        """
        added = tuple(codes)
        touched = {(code.list_code, code.version) for code in added}
        versions = (
            dataclasses.replace(item, sources=(*item.sources, source))
            if source is not None and key in touched
            else item
            for key, item in self._versions.items()
        )
        return Catalogue(versions, (*self.list_codes(), *added), self._successions)

    def list_versions(self) -> tuple[values.CodeListVersion, ...]:
        """List every version of every list."""
        return tuple(self._versions.values())

    def list_codes(
        self, list_code: str | None = None, version: str | None = None
    ) -> tuple[values.Code, ...]:
        """List the codes of all lists, of one list or of one version, in the source's order."""
        return tuple(
            code
            for (its_list, its_version), held in self._codes.items()
            if list_code in (None, its_list) and version in (None, its_version)
            for code in held.values()
        )

    def list_successions(self) -> tuple[values.Succession, ...]:
        """List every succession."""
        return self._successions

    def get_version(self, list_code: str, version: str) -> values.CodeListVersion:
        """Give the description of one version.

        Raises:
            UnknownCodeList: there is no such list or version.
        """
        try:
            return self._versions[list_code, version]
        except KeyError:
            raise errors.UnknownCodeList(list_code, version) from None

    def version_on(self, list_code: str, on: date) -> str:
        """Name the version of a list that is in force on a day.

        Raises:
            UnknownCodeList: there is no such list.
            NoVersionInForce: the list has no version for the day.
        """
        known = [item for item in self._versions.values() if item.list_code == list_code]
        if not known:
            raise errors.UnknownCodeList(list_code)
        for item in known:
            if item.is_in_force(on):
                return item.version
        raise errors.NoVersionInForce(
            f"List {list_code} has no version in force on {on.isoformat()}. Name the version."
        )

    def find(
        self, list_code: str, version: str, code: str, *, on: date | None = None
    ) -> values.Code | None:
        """Give a code, or None when the version does not hold it.

        Args:
            list_code: name of the list.
            version: version of the list.
            code: the code with its leading zeros.
            on: day whose name and kind are wanted; None for those the version began with.

        Raises:
            UnknownCodeList: there is no such list or version.
        """
        found = self._codes_of(list_code, version).get(code)
        return found if found is None or on is None else found.as_of(on)

    def get(
        self, list_code: str, version: str, code: str, *, on: date | None = None
    ) -> values.Code:
        """Give a code of a version; `on` chooses among its names as in `find`.

        Raises:
            UnknownCodeList: there is no such list or version.
            UnknownCode: the version does not hold the code.
        """
        found = self.find(list_code, version, code, on=on)
        if found is None:
            raise errors.UnknownCode(list_code, version, code)
        return found

    def find_parent(self, code: values.Code) -> values.Code | None:
        """Give the code one level above, or None at the top."""
        version = self.get_version(code.list_code, code.version)
        if code.parent_code is None or version.parent_list is None:
            return None
        return self.get(
            version.parent_list, version.parent_version or code.version, code.parent_code
        )

    def list_children(
        self, list_code: str, version: str, parent_code: str | None
    ) -> tuple[values.Code, ...]:
        """List the codes of a version whose parent is the given code.

        Args:
            list_code: list of the children, e.g. ``commune``.
            version: version of the children.
            parent_code: code of the parent; None for codes without a parent.

        Raises:
            UnknownCodeList: there is no such list or version.
        """
        held = self._codes_of(list_code, version)
        children = self._children.get((list_code, version))
        if children is None:
            children = defaultdict(list)
            for code in held.values():
                children[code.parent_code].append(code)
            self._children[list_code, version] = children
        return tuple(children.get(parent_code, ()))

    def convert(
        self, list_code: str, code: str, from_version: str, to_version: str
    ) -> tuple[values.Candidate, ...]:
        """Give every code of another version that the unit may have; never a guess.

        Args:
            list_code: name of the list.
            code: the code in `from_version`.
            from_version: version the code was written in.
            to_version: version wanted, later or earlier.

        Returns:
            The candidates in the order of their codes. Forward, ``part`` says that the old unit
            was divided; backward, that only a part of the candidate became this unit. Empty when
            the other version has no unit in this one's place, which is known and not an error.

        Raises:
            UnknownCodeList: there is no such list or version.
            UnknownCode: `from_version` does not hold the code.
        """
        own = self.get(list_code, from_version, code)
        self.get_version(list_code, to_version)
        if from_version == to_version:
            return (values.Candidate(own, values.Relation.WHOLE),)
        key = (list_code, from_version, code)
        steps = [
            (step.new_code, step.relation)
            for step in self._forward.get(key, ())
            if step.new_version == to_version
        ] + [
            (step.old_code, step.relation)
            for step in self._backward.get(key, ())
            if step.old_version == to_version
        ]
        return tuple(
            values.Candidate(self.get(list_code, to_version, other), relation)
            for other, relation in sorted(steps)
        )

    def find_by_name(
        self, list_code: str, version: str, name: str, parent: str | None = None
    ) -> tuple[values.Code, ...]:
        """Find every code with this name, with or without the kind of the unit before it.

        Args:
            list_code: name of the list.
            version: version of the list.
            name: the name in any spelling, compared by `vietnamese.name_key`.
            parent: code of the parent to look under; None for everywhere.

        Raises:
            UnknownCodeList: there is no such list or version.
        """
        index = self.memo(
            ("names", list_code, version), lambda: self._index_names(list_code, version)
        )
        found = index.get(vietnamese.name_key(name), ())
        return tuple(code for code in found if parent in (None, code.parent_code))

    def _index_names(self, list_code: str, version: str) -> dict[str, tuple[values.Code, ...]]:
        index: dict[str, list[values.Code]] = defaultdict(list)
        for code in self._codes_of(list_code, version).values():
            later = [item.name for item in code.amendments]
            names = {code.name, code.short_name, *later}
            names.update(values.split_kind(name)[1] for name in later)
            names.update(filter(None, [code.attributes.get("name_en")]))
            for key in {vietnamese.name_key(name) for name in names}:
                index[key].append(code)
        return {key: tuple(found) for key, found in index.items()}

    def memo(self, key: Hashable, build: Callable[[], _Built]) -> _Built:
        """Keep what is derived from this catalogue; two threads may build it twice, no harm done.

        Args:
            key: name of the derived thing; one key always stands for one type.
            build: makes it on first use.
        """
        if key not in self._built:
            self._built[key] = build()
        return cast("_Built", self._built[key])
