"""What to try once the demonstration runs; every line is ready to paste."""

import json

from command_line.operator import up_down_status
from sample_country import cast_numbers

_PERSON = "./natdb ask population/citizen --purpose civil_status.registration --key {}"
_ASK = _PERSON.format(cast_numbers.CITIZEN)
_MOVED = _PERSON.format(cast_numbers.MOVED)
_FIRM = (
    "./natdb ask enterprise/enterprise --client tax-registration --purpose tax.registration"
    f" --key {cast_numbers.OPERATING_FIRM}"
)
_QUESTION = json.dumps(
    {
        "key": cast_numbers.CITIZEN,
        "fields": ["pin", "full_name"],
        "purpose": "civil_status.registration",
        "legal_basis": "Decree 194/2025/NĐ-CP art. 16",
    },
    ensure_ascii=False,
)


def list_next_steps(port: int) -> tuple[tuple[str, str], ...]:
    """List what to try and the line that does it.

    Args:
        port: of the API on this machine.
    """
    address = f"http://{up_down_status.HOST}:{port}"
    return (
        (
            "a ministry looks up a citizen; question, answer, receipt and proof are kept in ./kept",
            f"{_ASK} --fields pin,full_name,date_of_birth,permanent_residence --save kept",
        ),
        (
            "anyone verifies it, offline, with one file and no trust in this machine",
            ".venv/bin/python verify_receipt.py --receipt kept/receipt.jws"
            " --answer kept/answer.json --request kept/question.json --keys kept/keys.json"
            " --proof kept/proof.json",
        ),
        ("the same citizen as XML of the published standard", f"{_ASK} --fields pin,sex --xml"),
        (
            "a citizen who moved, as of the day before the reform of 1 July 2025",
            f"{_MOVED} --fields full_name,permanent_residence --valid-on 2025-06-30",
        ),
        (
            "an enterprise with its beneficial owners along the chain",
            f"{_FIRM} --fields name_vi,legal_status,owners,beneficial_owners",
        ),
        (
            "the same question by plain curl",
            'curl -si -H "Authorization: Bearer $(./natdb token)"'
            f" -H 'Content-Type: application/json' -d '{_QUESTION}'"
            f" {address}/v1/population/citizen/look-up",
        ),
        (
            "what knowingly disagrees between the registers of this country",
            "./natdb sample inconsistencies | head",
        ),
        ("who was told what", "./natdb audit log"),
        ("is the log whole", "./natdb audit verify"),
        ("the reference of the API", f"{address}/docs"),
        ("what runs, and where the databases are", "./natdb status"),
        ("stop everything, keeping the data", "./natdb down"),
    )
