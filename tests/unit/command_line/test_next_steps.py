"""What the demonstration proposes to try."""

import json
import shlex
from datetime import date

from command_line.operator import next_steps
from sharing_api import bootstrap
from sharing_api.protocols import procedures
from sharing_api.standards import validate

STEPS = next_steps.list_next_steps(8999, 5000, date(2026, 1, 1))


def _sent(line: str) -> str:
    words = shlex.split(line)
    return words[words.index("-d") + 1]


class TestListNextSteps:
    def test_asks_the_port_and_the_country_that_are_there(self) -> None:
        lines = [line for _, line in STEPS]

        assert not any("127.0.0.1" in line and ":8999/" not in line for line in lines)
        assert any("--size 5000" in line for line in lines)

    def test_asks_in_the_name_of_systems_that_the_demonstration_has(self) -> None:
        known = {one.client_id for one in bootstrap.list_sample_agreements()}
        named = {
            word.rstrip(')"')
            for _, line in STEPS
            for before, word in zip(line.split(), line.split()[1:], strict=False)
            if before == "--client"
        }

        assert len(named) > 5
        assert named <= known

    def test_asks_for_every_procedure_in_conforming_questions(self) -> None:
        sent = [json.loads(_sent(line)) for _, line in STEPS if "/v1/dossiers" in line]

        assert [one["procedure"] for one in sent] == list(procedures.load())
        assert [validate.find_problems("dossier_question", "1.0", one) for one in sent] == [(), ()]
