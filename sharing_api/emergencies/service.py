"""What happens around an emergency: it is told at once, reviewed, and not forgotten."""

import dataclasses
import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from sharing_api.access_log.entries import Entry
from sharing_api.agreements.life import service as life
from sharing_api.agreements.life.values import Act, Actor, Deed, Grounds
from sharing_api.agreements.life.values import State as Standing
from sharing_api.emergencies import errors, repository
from sharing_api.emergencies.values import (
    DATA_AUTHORITY,
    REVIEW_WITHIN,
    Emergency,
    State,
    review_by,
)
from sharing_api.notices import repository as notices
from sharing_api.notices.values import Kind

_MISSED = "the review of an emergency was missed"


def announce(
    session: Session, written: Sequence[Entry], *, fields: Sequence[str], reason: str
) -> None:
    """Enter an emergency and tell owner and authority, before its answer leaves.

    Args:
        written: entries of the answer, at least one, as they will stand in the log.
        fields: asked for.
    """
    first = written[0]
    provider = repository.find_provider(session, first.agreement_hash)
    repository.add(
        session,
        Emergency(
            answer_id=first.answer_id,
            asked_at=first.logged_at,
            agreement_hash=first.agreement_hash,
            provider=provider,
            consumer=first.agency,
            client=first.client,
            officer=first.officer,
            dataset=first.dataset,
            reason=reason,
            legal_basis=first.legal_basis,
            review_by=review_by(first.logged_at),
        ),
    )
    for entry in written:
        for recipient in sorted({provider, DATA_AUTHORITY}):
            notices.send(
                session,
                kind=Kind.EMERGENCY,
                recipient=recipient,
                dataset=entry.dataset,
                register_change=entry.register_change,
                # One for each answer, whoever it was about before.
                subject_tag=entry.answer_id.bytes,
                fields=fields,
                entries=[entry.entry_id],
                at=entry.logged_at,
            )


def review(
    session: Session,
    answer_id: uuid.UUID,
    *,
    agency: str,
    by: str,
    is_justified: bool,
    outcome: str,
    at: datetime,
) -> Emergency:
    """Review an emergency; one whose review was missed can be reviewed still.

    That ends no suspension: an agreement is resumed by its own acts.

    Args:
        agency: of who reviews: the owner of the data or the authority.

    Raises:
        OutcomeMissing: it is not said what came of it.
        EmergencyNotFound: there is none, or it is not for this agency to review.
        AlreadyReviewed: it was.
    """
    if not outcome.strip():
        raise errors.OutcomeMissing.of_field("outcome", "required", "Say what came of the review.")
    emergency = repository.find(session, answer_id)
    if emergency is None or not emergency.may_be_reviewed_by(agency):
        raise errors.EmergencyNotFound("No emergency of that answer is for you to review.")
    if emergency.state not in (State.OPEN, State.MISSED):
        raise errors.AlreadyReviewed("The emergency has been reviewed.")
    state = State.JUSTIFIED if is_justified else State.UNJUSTIFIED
    repository.review(session, answer_id, state=state, reviewer=by, outcome=outcome, at=at)
    return dataclasses.replace(emergency, state=state, reviewer=by, outcome=outcome, reviewed_at=at)


def suspend_missed(session: Session, *, at: datetime) -> list[Emergency]:
    """Suspend the agreements of emergencies whose clock has ended without a review.

    Every process of the exchange hears of it at the commit. Any number of workers may do this.

    Returns:
        the emergencies whose review is missed from now on.
    """
    missed = repository.list_missed(session, at=at)
    repository.set_missed(session, [one.answer_id for one in missed])
    for agreement_hash, provider in sorted({(one.agreement_hash, one.provider) for one in missed}):
        if life.get(session, agreement_hash).state is Standing.IN_FORCE:
            actor = Actor(provider, "exchange", "clock of emergencies")
            grounds = Grounds(_MISSED, REVIEW_WITHIN[0].source)
            life.perform(session, Deed(Act.SUSPEND, actor, agreement_hash, at, grounds=grounds))
    return missed
