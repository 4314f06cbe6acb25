"""How the values of fields are read."""

from collections.abc import Mapping

from databases.plans import Reading
from population_statistics.datasets import fields

_NOT_SCALED = 0


def _confidentiality(status: str) -> str:
    return "N" if status == "Q" else "F"


def _unit_mult(_: str) -> int:
    return _NOT_SCALED


READINGS: Mapping[str, Reading] = {
    **{name: Reading((name,)) for name in fields.FIELDS},
    "conf_status": Reading(("obs_status",), _confidentiality),
    "unit_mult": Reading(("obs_status",), _unit_mult),
}
