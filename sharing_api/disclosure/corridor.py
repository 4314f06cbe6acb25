"""The way of one answer, whole: what the stations do to a round of questions, in order."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from databases.sessions import Databases
from sharing_api.access_log.questions import QuestionSealer
from sharing_api.access_log.receipts import ReceiptSigner
from sharing_api.disclosure import decision, fetch, log, minimise, receipt, standard
from sharing_api.disclosure.caller import HasRights
from sharing_api.disclosure.candidates import Finder
from sharing_api.disclosure.inquiry import Inquiry
from sharing_api.disclosure.scope import Scope


@dataclass(frozen=True)
class Corridor:
    """Stations 3 to 8. Stations 1 and 2 (caller, request) work on each request as it arrives.

    Args:
        finder: finds candidates for a record; None where nobody does.
    """

    databases: Databases
    registry: HasRights
    quota: decision.QuotaKeeper
    signer: ReceiptSigner
    subject_key: bytes
    pseudonym_key: bytes
    finder: Finder | None = None

    @functools.cached_property
    def sealer(self) -> QuestionSealer:
        """Seals the questions that are kept in the log."""
        return QuestionSealer(self.subject_key)

    def answer_all(self, inquiries: Sequence[Inquiry]) -> None:
        """Answer a round of questions; afterwards each has a body, a status and a receipt.

        Nothing may be released of a question whose `is_logged` is false but its problem.
        """
        decision.decide_all(inquiries, self.registry, self.quota)
        reach = Scope(self.registry.rights.protected, self.subject_key)
        fetch.fetch_all(inquiries, self.databases, reach, self.finder)
        minimise.minimise_all(inquiries, self.pseudonym_key, reach)
        standard.write_all(inquiries)
        log.write_all(inquiries, self.databases, self.subject_key, self.sealer)
        receipt.sign_all(inquiries, self.signer)
        for inquiry in inquiries:
            if not inquiry.is_logged:
                standard.write_problem(inquiry)
