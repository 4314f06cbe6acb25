"""The auditor's further commands: anomalies, searches, officers, reports."""

import typer

from command_line.auditing import (
    anomalies,
    breaches,
    emergencies,
    officers,
    recalls,
    replays,
    reports,
    searching,
)


def register(audit: typer.Typer) -> None:
    """Add them to the commands of an auditor."""
    for one in (anomalies, officers, searching, reports, recalls, emergencies, breaches, replays):
        one.register(audit)
