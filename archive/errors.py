"""The archive's own errors. Each message says what was wrong, where, and what to do about it."""


class ArchiveError(Exception):
    """Base of all errors whose message is meant for a reader or an operator."""


class DumpError(ArchiveError):
    """A whole dump cannot be read (any further)."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class RecordError(ArchiveError):
    """One record is not an article; the run counts it as rejected and goes on."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class IndexUnavailable(ArchiveError):
    """The search index cannot be read or written now; browsing goes on."""


class IndexDamaged(IndexUnavailable):
    """What there is of the search index cannot be read and will not get better by waiting: a rebuild heals it."""


class DocumentsRefused(IndexUnavailable):
    """The index took all of a change but some documents, which it will refuse again as they are."""

    def __init__(self, reasons: dict[int, str]) -> None:
        number, reason = next(iter(reasons.items()))
        super().__init__(f"The index refuses {len(reasons)} articles, number {number} first: {reason}")
        self.reasons = reasons
        """By article id, in words."""


class ModelMissing(ArchiveError):
    """No names can be found because the language model is not installed."""
