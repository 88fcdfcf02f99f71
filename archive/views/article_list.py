"""The articles of a source, a name or a span of days, page by page, and how far down the list a page begins."""

import re
from typing import Any

from django.http import HttpRequest

from archive.keyset import leaf_in_time
from archive.querysets import ArticleQuerySet
from archive.views.narrowing import ends

PER_PAGE = 30
_RANK = re.compile(r"[1-9][0-9]{0,8}\Z")


def article_list(
    request: HttpRequest, articles: ArticleQuerySet, total: int, *, oldest: bool = False
) -> dict[str, Any]:
    """What a template needs to show a page of `total` articles.

    The address says by `after` or `before` which page it is, and by `at` the place of its first article in the list.
    That is handed on from page to page, since to count it would cost the more the deeper the page; 0: nobody said it.
    Of the last page it is known.
    """
    leaf = leaf_in_time(articles, PER_PAGE, oldest=oldest, **ends(request))
    at = request.GET.get("at", "")
    first = 1 if not leaf.before else int(at) if _RANK.match(at) else 0
    if leaf.before and not leaf.after:
        first = max(total - len(leaf.rows) + 1, 1)
    return {
        "leaf": leaf,
        "total": total,
        "first_rank": first,
        "last_rank": first + len(leaf.rows) - 1,
        "previous_at": max(first - PER_PAGE, 1) if first else None,
        "next_at": first + PER_PAGE if first else None,
    }
