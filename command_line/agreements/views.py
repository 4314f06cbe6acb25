"""What stands: agreements, one of them whole, its paper, proposals that are overdue."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from command_line.agreements.acts import Wanted
from command_line.agreements.opening import exchange

if TYPE_CHECKING:
    from sharing_api.agreements.life.values import Step
    from sharing_api.agreements.life.waiting import Waiting

Party = Annotated[str, typer.Option(help="only where this agency is a party")]


def register(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("list")(list_agreements)
    group.command("show")(show)
    group.command("paper")(paper)
    group.command("overdue")(overdue)
    group.command("settle")(settle)


def list_agreements(
    agency: Party = "",
    state: Annotated[str, typer.Option(help="only in this state, such as in_force")] = "",
) -> None:
    """List versions of agreements, the newest first, each in its state of today."""
    from sharing_api.agreements.life.repository import versions
    from sharing_api.agreements.life.values import State

    if state and state not in [one.value for one in State]:
        known = ", ".join(one.value for one in State)
        raise typer.BadParameter(f"there is no state {state}; known are: {known}")
    with exchange() as opened:
        found = versions.list_versions(opened.session, parties=[agency] if agency else None)
        shown = [(one, one.state_on(opened.today)) for one in found]
    shown = [(one, now) for one, now in shown if state in ("", now)]
    for one, now in shown:
        parties = f"{one.provider} → {one.consumer}"
        print(f"{one.agreement_hash[:12]} {now:9} {parties:18} v{one.number} {one.name}")
    print(f"{len(shown)} versions.")


def show(
    wanted: Wanted,
    document: Annotated[bool, typer.Option(help="print the signed bytes alone")] = False,
) -> None:
    """Show a version with its signatures and what became of it."""
    import sys

    from sharing_api.agreements.life.repository import versions

    with exchange() as opened:
        version = opened.find(wanted)
        one = [version.agreement_hash]
        text = versions.read_document(opened.session, version.agreement_hash)
        signatures = versions.list_signatures(opened.session, one).get(version.agreement_hash, [])
        steps = versions.list_steps(opened.session, one)
        state = version.state_on(opened.today)
    if document:
        sys.stdout.buffer.write(text)
        return
    print(f"{version.name} version {version.number}: {state}\nhash {version.agreement_hash}")
    print(json.dumps(version.content, ensure_ascii=False, indent=2))
    for signed in signatures:
        print(f"signed for {signed.agency} by {signed.signer}, key {signed.key_id}, {signed.at}")
    for step in steps:
        print(_told(step))


def _told(step: "Step") -> str:
    who = step.party + (f" by {step.agency}" if step.agency != step.party else "")
    by = f" by {who} ({step.client}{f', {step.officer}' if step.officer else ''})" if who else ""
    why = ": " + "; ".join(filter(None, (step.grounds.reason, step.grounds.legal_basis)))
    moved = f"{step.from_state or 'nothing'} → {step.to_state}"
    return f"{step.at:%Y-%m-%d %H:%M:%S} UTC {step.act}{by}: {moved}{why if why != ': ' else ''}"


def paper(
    wanted: Wanted, xml: Annotated[bool, typer.Option("--xml", help="as XML")] = False
) -> None:
    """Print the paper of the last step for document systems (shaped after QCVN 102, edXML)."""
    import sys

    from sharing_api.agreements.life import papers, service

    with exchange() as opened:
        packet = papers.write_packet(service.make_case(opened.session, opened.find(wanted)))
    if xml:
        sys.stdout.buffer.write(papers.write_xml(packet) + b"\n")
    else:
        print(json.dumps(packet, ensure_ascii=False, indent=2))


def overdue(
    agency: Party = "",
    everything: Annotated[bool, typer.Option("--all", help="those that wait in time too")] = False,
) -> None:
    """List proposals without an answer after two working days; exit code 1 when there are any."""
    from sharing_api.agreements.life import waiting

    with exchange() as opened:
        found = waiting.list_waiting(opened.session, opened.now, [agency] if agency else None)
    late = [one for one in found if one.is_overdue]
    for one in found if everything else late:
        print(_waiting(one))
    print(f"{len(found)} proposals wait, {len(late)} of them overdue.")
    if late:
        raise typer.Exit(1)


def _waiting(one: "Waiting") -> str:
    other = next((p for p in one.version.parties if p != one.proposed_by), one.proposed_by)
    unknown = ", ".join(map(str, one.deadline.years_without_data))
    doubt = f" (holidays of {unknown} are not known: weekends alone counted)" if unknown else ""
    return (
        f"{one.version.agreement_hash[:12]} {one.version.name} v{one.version.number}: proposed by "
        f"{one.proposed_by} {one.proposed_at:%Y-%m-%d %H:%M} UTC, {other} was to answer by "
        f"{one.deadline.day}{doubt}{' OVERDUE' if one.is_overdue else ''}"
    )


def settle() -> None:
    """Record what days have brought: versions that came into force or ended by themselves."""
    from sharing_api.agreements.life import service
    from sharing_api.agreements.life.repository import versions

    with exchange() as opened:
        found = versions.list_versions(opened.session)
        due = {one.name for one in found if one.state_on(opened.today) is not one.state}
        for name in sorted(due):
            service.settle(opened.session, name, opened.now)
    print(f"{len(due)} agreements settled.")
