"""Which words of an article a search found: what feeds and mails say beside each."""

import html
import re

from archive.search.run import FoundArticle

_MARKED = re.compile("<mark>(.*?)</mark>")


def matched_words(hit: FoundArticle) -> tuple[str, ...]:
    """The words of a hit that the query matched, as they stand in its title and best passage."""
    marked = _MARKED.findall(f"{hit.title_html} {hit.snippet_html}")
    words = {html.unescape(word).casefold(): html.unescape(word) for word in reversed(marked)}
    return tuple(sorted(words.values(), key=str.casefold))
