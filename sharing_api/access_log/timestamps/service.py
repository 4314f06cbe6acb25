"""Has checkpoints of the log stamped by authorities outside (RFC 3161): when they were there.

A checkpoint says what the log was, not when: the time in an entry is the exchange's own word. An
authority signs the hash of the checkpoint's note, as stored, together with its time. The table is
append-only; `log_checker` verifies the tokens offline against the certificates it is given. An
authority that is down delays nobody: the log goes on, and the next try asks for a newer checkpoint.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx2
import rfc3161_client
from sqlalchemy.orm import Session

from databases import errors
from databases.journal import store
from sharing_api import tables
from sharing_api.access_log.timestamps import repository

QUERY_TYPE = "application/timestamp-query"
ANSWER_TYPE = "application/timestamp-reply"
_TIMEOUT_SECONDS = 10.0
_LONGEST_ANSWER = 65_536
Send = Callable[[str, bytes], bytes]


class AuthorityUnavailable(errors.Unavailable):
    """A time-stamping authority gives no timestamp of the checkpoint that it was asked for."""

    code = "access_log.authority_unavailable"


def send(authority: str, query: bytes) -> bytes:
    """Send a query to an authority over HTTP (RFC 3161 section 3.4) and give its answer.

    Raises:
        AuthorityUnavailable: it does not answer, or with something else than an answer.
    """
    headers = {"Content-Type": QUERY_TYPE, "Accept": ANSWER_TYPE}
    try:
        answer = httpx2.post(authority, content=query, headers=headers, timeout=_TIMEOUT_SECONDS)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise AuthorityUnavailable(f"{authority} does not answer.") from error
    if answer.status_code != 200 or len(answer.content) > _LONGEST_ANSWER:
        raise AuthorityUnavailable(f"{authority} answers with status {answer.status_code}.")
    return answer.content


def stamp(
    session: Session, authority: str, now: datetime, *, every: timedelta, send: Send = send
) -> int | None:
    """Have the newest checkpoint stamped, when the last timestamp of the authority is old enough.

    Args:
        authority: address of the authority.
        every: time between two timestamps.
        send: takes address and query (DER), gives the answer (DER).

    Returns:
        size of the tree that was stamped; None when nothing was due.

    Raises:
        AuthorityUnavailable: the authority gave no timestamp of this checkpoint.
    """
    newest = store.find_latest_checkpoint(session, journal=tables.journal)
    size, last_at = repository.find_last(session, authority)
    if newest is None or newest.tree_size == size:
        return None
    if last_at is not None and now - last_at < every:
        return None
    token, stamped_at = _ask(authority, newest.note.encode(), send)
    repository.insert_token(
        session,
        tree_size=newest.tree_size,
        authority=authority,
        token=token,
        stamped_at=stamped_at,
    )
    return newest.tree_size


def _ask(authority: str, note: bytes, send: Send) -> tuple[bytes, datetime]:
    """Ask for a timestamp of a note; what answers another question is not kept."""
    builder = rfc3161_client.TimestampRequestBuilder(
        note, rfc3161_client.HashAlgorithm.SHA256, nonce=True, cert_req=True
    )
    query = builder.build()
    token = send(authority, query.as_bytes())
    try:
        answer = rfc3161_client.decode_timestamp_response(token)
        granted = rfc3161_client.PKIStatus(answer.status) is rfc3161_client.PKIStatus.GRANTED
        said = answer.tst_info
    except ValueError as error:
        raise AuthorityUnavailable(f"{authority} answers with no timestamp.") from error
    asked = (query.nonce, query.message_imprint.message)
    if not granted or (said.nonce, said.message_imprint.message) != asked:
        raise AuthorityUnavailable(f"{authority} stamps something else than was asked.")
    return token, said.gen_time.astimezone(UTC)
