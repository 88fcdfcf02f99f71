"""The closed vocabularies of the models and of the values that flow between rooms."""

from django.db import models


class EntityKind(models.TextChoices):
    PERSON = "person", "Person"
    ORGANISATION = "organisation", "Organisation"
    PLACE = "place", "Place"


class LinkBy(models.TextChoices):
    """What ties a mention to its entity, and so how sure the tie is."""

    NAME = "name", "The full name stands in the article"
    SHORT = "short", "Only a surname or initials stand there, and one known person fits"
    STAFF = "staff", "A librarian decided"
    NONE = "none", "Several known persons fit"


class DecisionKind(models.TextChoices):
    """What librarians decide about names."""

    MERGE = "merge", "Is the same as"
    SPLIT = "split", "Is somebody else in some articles"
    RENAME = "rename", "Is called"
    KIND = "kind", "Is of another kind"
    HIDE = "hide", "Is not a name"
    ASSIGN = "assign", "Means, in one article"
    DISTINCT = "distinct", "Is not the same as"


class RunStatus(models.TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    REJECTED = "rejected", "Dump rejected"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"
    UNDONE = "undone", "Undone"


class Visibility(models.TextChoices):
    """Where an article can be met. What is not public is in no list, no index and no count, whoever asks."""

    PUBLIC = "public", "Public"
    DELISTED = "delisted", "At its own address only"
    HIDDEN = "hidden", "Hidden from readers"
    EMBARGOED = "embargoed", "Hidden until a day"
    TOMBSTONE = "tombstone", "A notice stands in its place"
    ERASED = "erased", "Erased; a notice stands in its place"


UNLISTED = tuple(one for one in Visibility if one != Visibility.PUBLIC)


class Degree(models.TextChoices):
    """How far an article is taken down, from the least to the most."""

    DELIST = "delist", "Out of lists and search; its address still opens"
    HIDE = "hide", "Hidden from readers"
    EMBARGO = "embargo", "Hidden until a day"
    ANONYMISE = "anonymise", "A name removed, everywhere in it, for good"
    TOMBSTONE = "tombstone", "A notice in its place; the text is kept"
    ERASE = "erase", "A notice in its place; every byte of the text is destroyed, for good"


class TakedownReason(models.TextChoices):
    """What the public log says of why."""

    PRIVACY = "privacy", "Privacy"
    LEGAL = "legal", "Order of a court or authority"
    RIGHTS = "rights", "Rights of others in the text"
    ERROR = "error", "The article is wrong"
    SAFETY = "safety", "Safety of a person"
    OTHER = "other", "Other"


class Act(models.TextChoices):
    """What staff do that the audit writes down."""

    UPLOAD = "upload", "Uploaded a dump"
    RUN = "run", "Started a run"
    CANCEL = "cancel", "Cancelled a run"
    UNDO_RUN = "undo-run", "Undid a run"
    RETRY = "retry", "Retried rejected records"
    EDIT = "edit", "Corrected an article"
    CUT = "cut", "Decided about lines"
    NAME = "name", "Decided about a name"
    UNDO_NAME = "undo-name", "Undid a decision about a name"
    TAKEDOWN = "takedown", "Took down"
    RESTORE = "restore", "Ended a takedown"
    SOURCE = "source", "Changed a source"
    ACCOUNT = "account", "Changed an account or its role"
    EXPORT = "export", "Exported the audit"


class DigestRhythm(models.TextChoices):
    """How often a reader is mailed what is new to a saved search."""

    NEVER = "never", "Never"
    DAILY = "daily", "Daily"
    WEEKLY = "weekly", "Weekly"


class DigestStatus(models.TextChoices):
    """SENDING is what a process that died while it spoke to the mail server leaves: never sent again by itself."""

    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"


class DatePrecision(models.TextChoices):
    """How much of a published date the evidence really says."""

    TIME = "time", "To the minute"
    DAY = "day", "Day"
    MONTH = "month", "Month"
    YEAR = "year", "Year"


class LinePlace(models.TextChoices):
    """Where a non-blank raw line ended up: every line is in exactly one of these."""

    TITLE = "title", "Title"
    STANDFIRST = "standfirst", "Standfirst"
    BYLINE = "byline", "Byline"
    DATE = "date", "Date"
    BODY = "body", "Body"
    CAPTION = "caption", "Caption"
    REMOVED = "removed", "Removed"


class LineVerb(models.TextChoices):
    """What an editor says of a line."""

    KEEP = "keep", "Keep"
    CUT = "cut", "Cut"


class DateVerb(models.TextChoices):
    """What an editor says of an article's date."""

    SET = "set", "Is this day"
    LEAVE = "leave", "Stays unknown"


class ContentKind(models.TextChoices):
    """What a record's text is, which decides how it is cleaned."""

    PAGE_TEXT = "page-text", "Flattened page text"
    HTML_PAGE = "html-page", "HTML page"
    FIELDS = "fields", "Structured record"
