"""Timestamps of checkpoints by authorities outside (RFC 3161), verified offline."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any

import rfc3161_client
from cryptography import x509


def read_authorities(pems: Sequence[bytes]) -> list[x509.Certificate]:
    """Read certificates that chains of authorities must end in.

    Raises:
        ValueError: a file holds no certificate in PEM.
    """
    return [one for pem in pems for one in x509.load_pem_x509_certificates(pem)]


def verify(cursor: Any, roots: Sequence[x509.Certificate]) -> tuple[int, list[tuple[int, str]]]:
    """Verify every timestamp that is stored: whose it is, of which checkpoint, and its time.

    Returns:
        How many hold, and what is wrong: index of the last leaf of the checkpoint, and a sentence.
    """
    if not roots:
        return 0, []
    verifier = rfc3161_client.VerifierBuilder(roots=list(roots)).build()
    cursor.execute(
        "SELECT t.tree_size, t.authority, t.token, t.stamped_at, c.note FROM"
        " exchange.checkpoint_timestamp t LEFT JOIN exchange.log_checkpoint c USING (tree_size)"
        " ORDER BY t.tree_size, t.authority"
    )
    good, problems = 0, []
    for size, authority, token, stamped_at, note in cursor:
        why = _find_problem(verifier, bytes(token), stamped_at, (note or "").encode())
        if why:
            sentence = f"the timestamp of the checkpoint of size {size} by {authority}: {why}"
            problems.append((size - 1, sentence))
        else:
            good += 1
    return good, problems


def _find_problem(
    verifier: rfc3161_client.Verifier, token: bytes, stamped_at: Any, note: bytes
) -> str:
    try:
        answer = rfc3161_client.decode_timestamp_response(token)
        verifier.verify_message(answer, note)
        said = answer.tst_info.gen_time.astimezone(UTC)
    except (rfc3161_client.VerificationError, ValueError) as refused:
        # What the library says behind the colon is for those who look into it.
        return f"it does not hold ({str(refused).partition(':')[0]})"
    return "" if said == stamped_at else "its time is not the one that is kept beside it"
