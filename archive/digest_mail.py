"""A digest as a mail: which searches, what is new to each, by which words it was found; and sending it once."""

import smtplib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from archive.access import Reader, reader_for
from archive.choices import DigestRhythm, DigestStatus
from archive.models import Article, Digest, SavedSearch
from archive.search.describe import describe
from archive.search.filters import in_words, read, written
from archive.search.matched import matched_words
from archive.search.parser import parse
from archive.search.query import Sort
from archive.search.run import search

MOST_LISTED = 30
_STOP_SALT = "archive.digest.stop"


@dataclass(frozen=True, slots=True)
class Line:
    """An article of a digest."""

    article: Article
    url: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What a mail says of one followed search."""

    name: str
    understood_as: str
    problem: str
    url: str
    lines: list[Line] = field(default_factory=list)
    total: int = 0

    @property
    def more(self) -> int:
        return self.total - len(self.lines)


def message(digest: Digest, connection: Any = None) -> EmailMessage | None:
    """The mail, with what its reader may see now; none where nothing is left to say. Raises IndexUnavailable."""
    reader = reader_for(digest.owner)
    found = SavedSearch.objects.filter(owner=digest.owner_id).in_bulk([part["search"] for part in digest.parts])
    parts = [_part(found[one["search"]], one, reader) for one in digest.parts if one["search"] in found]
    parts = [part for part in parts if part.lines or part.problem]
    if not parts or not digest.owner.email:
        return None
    stop = settings.ARCHIVE_URL + reverse("archive:stop-mails", args=[stop_token(digest.owner_id)])
    context = {
        "parts": parts,
        "total": sum(part.total for part in parts),
        "following": settings.ARCHIVE_URL + reverse("archive:following"),
        "stop": stop,
    }
    return EmailMessage(
        subject=_one_line(render_to_string("mail/digest_subject.txt", context)),
        body=render_to_string("mail/digest.txt", context),
        to=[digest.owner.email],
        # The same each time it is sent, so that a mail server can tell a second copy.
        headers={
            "Message-ID": f"<digest-{digest.pk}-{int(digest.made_at.timestamp())}@newsroom-archive>",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
        connection=connection,
    )


def send(digest: Digest, connection: Any = None) -> bool:
    """Send a waiting digest; whether it went. One that another process is sending is left to that.

    A refusal by the mail server is kept as its `problem`, and it waits for the next time. Raises IndexUnavailable.
    """
    mail = message(digest, connection)
    mine = Digest.objects.filter(pk=digest.pk, status=DigestStatus.WAITING).update(status=DigestStatus.SENDING)
    if not mine:
        return False
    try:
        if mail:
            mail.send()
    except (OSError, smtplib.SMTPException) as error:
        Digest.objects.filter(pk=digest.pk).update(status=DigestStatus.WAITING, problem=str(error)[:1000])
        return False
    Digest.objects.filter(pk=digest.pk).update(status=DigestStatus.SENT, sent_at=timezone.now(), problem="")
    return mail is not None


def mail_connection(stream: Any) -> Any:
    """The site's way to send; where that is to write mails out, to this stream."""
    console = settings.EMAIL_BACKEND == "django.core.mail.backends.console.EmailBackend"
    return get_connection(stream=stream) if console else get_connection()


def stop_token(owner_id: int) -> str:
    """What lets whoever has the mail stop the mails, without signing in."""
    return signing.dumps(owner_id, salt=_STOP_SALT)


def stop_mails(token: str) -> bool:
    """No more digests for the account that the token was made for; whether it was made here."""
    try:
        owner_id = signing.loads(token, salt=_STOP_SALT)
    except signing.BadSignature:
        return False
    SavedSearch.objects.filter(owner=owner_id).update(rhythm=DigestRhythm.NEVER)
    return True


def _part(saved: SavedSearch, kept: dict[str, Any], reader: Reader) -> Part:
    filters, ids = read(saved.filters), kept["articles"]
    shown = Article.objects.listed_for(reader).filter(pk__in=ids).count() if ids else 0
    answer = (
        search(saved.query, size=MOST_LISTED, sort=Sort.NEWEST, filters=filters, among=frozenset(ids), reader=reader)
        if shown
        else None
    )
    lines = [
        Line(hit.article, settings.ARCHIVE_URL + hit.article.get_absolute_url(), matched_words(hit))
        for hit in (answer.hits if answer else ())
    ]
    understood = "; ".join([describe(parse(saved.query).root), *in_words(filters)])
    params = urlencode([("q", saved.query), *written(filters), ("sort", "newest")])
    url = f"{settings.ARCHIVE_URL}{reverse('archive:search')}?{params}"
    return Part(saved.name, understood, kept["problem"], url, lines, shown)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]
