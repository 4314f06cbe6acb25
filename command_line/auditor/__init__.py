"""The auditor's commands: `./natdb audit …`."""

import typer

from command_line import auditing
from command_line.auditor import entries, erasing, log_keys, subjects, verification


def register(app: typer.Typer) -> None:
    """Add the commands of an auditor."""
    audit = typer.Typer(no_args_is_help=True, help="Read and verify the access log.")
    audit.command("log")(entries.show_log)
    audit.command("verify")(verification.verify)
    audit.command("proof")(verification.proof)
    audit.command("subject")(subjects.report_subject)
    audit.command("withhold")(subjects.withhold)
    audit.command("erase-questions")(erasing.erase_questions)
    audit.command("change-log-key")(log_keys.change_log_key)
    audit.command("add-witness")(log_keys.add_witness)
    audit.command("rebuild-subjects")(subjects.rebuild)
    audit.command("statistics")(entries.show_budgets)
    audit.command("state")(entries.show_state)
    audit.command("recipients")(entries.show_recipients)
    auditing.register(audit)
    app.add_typer(audit, name="audit")
