"""Station 8: sign the promise that the entries of an answer stand in the log."""

from collections.abc import Sequence

from sharing_api.access_log.receipts import ReceiptSigner
from sharing_api.disclosure.inquiry import Inquiry


def sign_all(inquiries: Sequence[Inquiry], signer: ReceiptSigner) -> None:
    """Sign a receipt for every answer whose entries are durable."""
    for inquiry in inquiries:
        if inquiry.is_logged:
            inquiry.receipt = signer.sign(inquiry.entries, inquiry.leaf_hashes)
