"""The auditor's worklist: `./natdb audit anomalies run | list | show | settle | rules`."""

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from command_line import in_house
from command_line.auditing import telling

if TYPE_CHECKING:
    from sharing_api.auditing.values import Finding
    from sharing_api.auditing.watch import Forms
    from sharing_api.auditing.worklist import Worklist

_CLIENT = "auditor"
_PURPOSE = "audit.kin"
_TAG_SHOWN = 12


def register(audit: typer.Typer) -> None:
    """Add the commands of the worklist."""
    group = typer.Typer(help="Look for what is unusual in the log.", no_args_is_help=True)
    group.command("run")(run)
    group.command("list")(list_findings)
    group.command("show")(show)
    group.command("settle")(settle)
    group.command("rules")(list_rules)
    audit.add_typer(group, name="anomalies")


def run(
    now: Annotated[bool, typer.Option("--now", help="judge the hour under way, too")] = False,
    without_kin: Annotated[
        bool, typer.Option("--without-kin", help="ask no register for the kin of officers")
    ] = False,
    client: Annotated[str, typer.Option(help="system with an agreement to ask for kin")] = _CLIENT,
    legal_basis: Annotated[str, typer.Option(help="one of the agreement's legal bases")] = "",
) -> None:
    """Judge what was written to the log since the last run, all of it the first time."""
    from sharing_api.auditing.watch import Watch

    opened = in_house.open_corridor(client, _PURPOSE, "anomalies", legal_basis)
    with opened as (corridor, errand):
        watch = Watch(corridor, None if without_kin else errand, in_house.now, list_forms())
        done = watch.run(with_current_hour=now)
    print(
        f"run {done.run_id}: {done.entries} entries judged, kin of {done.kin_asked} officers "
        f"asked; {done.added} findings are new, {done.reopened} were opened again; the worklist:"
    )
    for rule, state, number in _worklist().count():
        print(f"  {number:6} {state.value:10} {rule}: {_reason(rule)}")


def list_findings(
    rule: Annotated[str, typer.Option(help="name of a rule, see `rules`")] = "",
    state: Annotated[str, typer.Option(help="open, accepted or dismissed")] = "",
    agency: Annotated[str, typer.Option(help="agency that asked, such as H26")] = "",
    severity: Annotated[str, typer.Option(help="high, medium or low")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="most findings")] = 50,
) -> None:
    """Show findings, the gravest first, then those with the newest evidence."""
    from sharing_api.auditing.values import Severity, WantedFindings
    from sharing_api.worklists.values import State

    wanted = WantedFindings(
        rule or None,
        in_house.choose(State, state, "state") if state else None,
        agency or None,
        in_house.choose(Severity, severity, "severity") if severity else None,
    )
    found = _worklist().list(wanted, limit=limit)
    for one in found:
        _print(one)
    print(f"findings shown: {len(found)}")


def show(finding: Annotated[int, typer.Argument(help="number of the finding")]) -> None:
    """Show a finding, the entries of the log that it rests on, and what became of it."""
    from sharing_api.access_log.entries import moment

    shown = _worklist().show(finding)
    _print(shown.finding)
    for entry in shown.entries:
        print(telling.told(entry))
    kept, all_of_them = len(shown.entries), shown.finding.entries
    print(f"{kept} of {all_of_them} entries kept as evidence; what became of it:")
    for step in shown.steps:
        before = step.from_state or "new"
        print(
            f"  {moment(step.happened_at)} {step.officer}: {before} to {step.to_state}"
            f"{f' – {step.reason}' if step.reason else ''}"
        )


def settle(
    finding: Annotated[int, typer.Argument(help="number of the finding")],
    state: Annotated[str, typer.Option(help="accepted, dismissed or open")],
    outcome: Annotated[str, typer.Option(help="what came of it; stays with the finding")],
) -> None:
    """Accept a finding as irregular, or dismiss it as explained; new evidence opens it again."""
    from sharing_api.worklists.values import State

    _print(_worklist().settle(finding, in_house.choose(State, state, "state"), outcome))


def list_rules() -> None:
    """Show all rules with their severity, reason, numbers and source."""
    from sharing_api.auditing import rules

    for rule in rules.RULES:
        numbers = ", ".join(f"{name} {value:g}" for name, value in rule.numbers.items())
        print(f"{rule.name} ({rule.severity.value}): {rule.reason}")
        print(f"    {f'by {numbers}; ' if numbers else ''}{rule.source}")


def list_forms() -> "Forms":
    """List what the forms of known procedures need: procedure → dataset → fields."""
    from sharing_api.protocols import procedures

    return {
        one.name: {
            dataset: frozenset(field.field for field in one.form if field.dataset == dataset)
            for dataset in one.datasets
        }
        for one in procedures.load().values()
    }


def _worklist() -> "Worklist":
    from databases.sessions import open_databases
    from sharing_api.auditing.worklist import Worklist

    return Worklist(open_databases("natdb-audit"), getpass.getuser(), in_house.now)


def _reason(rule: str) -> str:
    from sharing_api.auditing import rules

    known = rules.BY_NAME.get(rule)
    return known.reason if known is not None else "a rule of before"


def _print(one: "Finding") -> None:
    from sharing_api.access_log.entries import moment

    system = f" by {one.client}" if one.client else ""
    officer = f", officer {one.officer}" if one.officer else ""
    about = f", about {one.subject_tag.hex()[:_TAG_SHOWN]}…" if one.subject_tag else ""
    figures = ", ".join(f"{name} {value}" for name, value in sorted(one.figures.items()))
    print(
        f"{one.finding_id} {one.state.value} {one.rule} ({one.severity.value}): "
        f"{_reason(one.rule)}{f' – {one.reason}' if one.reason else ''}"
    )
    print(f"    {one.agency}{system}{officer}{about}: {one.entries} entries")
    print(f"    {moment(one.first_at)} to {moment(one.last_at)}{f'; {figures}' if figures else ''}")
