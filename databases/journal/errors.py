"""The named refusals of the log."""

from databases import errors


class InvalidTreeArgument(errors.Invalid):
    """An index or a size lies outside the tree, or a hash is not 32 bytes long."""

    code = "journal.invalid_tree_argument"


class ProofRefuted(errors.Refused):
    """A proof does not lead to the root it is said to lead to."""

    code = "journal.proof_refuted"


class MalformedNote(errors.Invalid):
    """A text is no signed note or no checkpoint."""

    code = "journal.malformed_note"


class MalformedVerifierKey(errors.Invalid):
    """A text is no verifier key of the form name+hash+base64."""

    code = "journal.malformed_verifier_key"


class NoteNotVerified(errors.Refused):
    """No known key signed the note, or the signature of a known key is wrong."""

    code = "journal.note_not_verified"


class EntryAlreadyInLog(errors.Conflict):
    """An entry was appended before; an entry stands in the log once."""

    code = "journal.entry_already_in_log"


class EntryNotInLog(errors.NotFound):
    """An entry is not, or not yet, integrated into the log."""

    code = "journal.entry_not_in_log"


class TreeSizeNotReached(errors.NotFound):
    """The log does not hold as many leaves as the tree asked for."""

    code = "journal.tree_size_not_reached"


class LogDamaged(errors.Unavailable):
    """The stored hashes contradict a checkpoint that was signed before."""

    code = "journal.log_damaged"
