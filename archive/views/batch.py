"""Many names looked up at once, pasted or uploaded: how often each is named and where, as a page or as CSV."""

import csv
from urllib.parse import urlencode

from django.contrib.admin.views.decorators import staff_member_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from archive.ingest.entities.batch import LIMIT, Answer, look_up
from archive.models import Entity
from archive.text import safe_cell
from archive.views.passages import Passage, passages_of

MAX_UPLOAD = 10_000_000
COLUMNS = (
    *("line", "name", "found", "kind", "articles", "mentions", "url", "latest", "latest_url", "problem", "match"),
    "search_url",
)


@staff_member_required
def batch(request: HttpRequest) -> HttpResponse:
    """Up to 1,000 names, a line each; a POST that asks for CSV gets a file."""
    if request.method != "POST":
        return render(request, "workbench/batch.html", {"answers": None, "limit": LIMIT})
    text, refused = request.POST.get("names", ""), ""
    upload = request.FILES.get("file")
    if upload is not None:
        more, refused = _read(upload)
        text = f"{text}\n{more}".strip("\n")
    elif getattr(request, "upload_too_large", False):
        refused = f"The file is too large: at most {MAX_UPLOAD:,} bytes are read."
    answers = look_up(text.splitlines())
    found = {one.pk for answer in answers for one in answer.entities}
    places = passages_of(found)
    if request.POST.get("as") == "csv" and not refused:
        return _as_csv(request, answers, places)
    rows = [
        (answer, [(one, places.get(one.pk, [])[:1], search_url(one)) for one in answer.entities]) for answer in answers
    ]
    context = {
        "rows": rows,
        "answers": answers,
        "refused": refused,
        "names": text,
        "limit": LIMIT,
        "known": sum(bool(answer.entities) for answer in answers),
        "problems": sum(bool(answer.problem) for answer in answers),
    }
    return render(request, "workbench/batch.html", context)


def _read(upload: UploadedFile[bytes]) -> tuple[str, str]:
    """The text of an uploaded file, and why it was not taken, "" if it was."""
    if (upload.size or 0) > MAX_UPLOAD:
        return "", f"{upload.name} has {upload.size:,} bytes; at most {MAX_UPLOAD:,} are read."
    content = upload.read()
    if b"\0" in content:
        return "", f"{upload.name} is no text file: bring one name a line, in UTF-8."
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        # What spreadsheets of Western Europe write where they are not told otherwise.
        return content.decode("cp1252", "replace"), ""


def search_url(entity: Entity) -> str:
    """The search for all articles that name it."""
    return f"{reverse('archive:search')}?{urlencode({entity.kind: entity.slug})}"


def _as_csv(request: HttpRequest, answers: list[Answer], places: dict[int, list[Passage]]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="names.csv"'
    rows = csv.writer(response)
    rows.writerow(COLUMNS)
    for answer in answers:
        if answer.problem:
            rows.writerow([answer.line, safe_cell(answer.name), "", "", 0, 0, "", "", "", answer.problem, "", ""])
        for one in answer.entities:
            latest = next(iter(places.get(one.pk, [])), None)
            rows.writerow(
                [
                    *(answer.line, safe_cell(answer.name), safe_cell(one.name), one.kind),
                    *(one.article_count, one.mention_count, request.build_absolute_uri(one.get_absolute_url())),
                    safe_cell(str(latest.article)) if latest else "",
                    request.build_absolute_uri(latest.url) if latest else "",
                    *("", "surname" if answer.by_surname else "name"),
                    request.build_absolute_uri(search_url(one)),
                ]
            )
    return response
