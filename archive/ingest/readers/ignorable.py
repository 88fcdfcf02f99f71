"""Files that lie beside articles in folders and archives and are none: read-me and hidden files, schemas, checksums."""

from pathlib import PurePath

_NAMES = ("license", "licence", "copying", "notice", "thumbs.db", "desktop.ini")
_SUFFIXES = (
    *(".dtd", ".xsd", ".xsl", ".xslt", ".css", ".js", ".map"),
    *(".md5", ".sha1", ".sha256", ".sha512", ".sig", ".asc"),
)


def is_ignorable(path: str | PurePath) -> bool:
    """Whether a path *within* a folder or archive is no article by its name alone.

    Hidden files and everything in hidden folders (and macOS' `__MACOSX`), README and licence files, DTDs, schemas,
    style sheets, scripts and checksums.
    """
    parts = PurePath(path).parts
    if any((part.startswith(".") and part not in (".", "..")) or part == "__MACOSX" for part in parts):
        return True
    name = parts[-1].lower() if parts else ""
    plain = name.removesuffix(".txt").removesuffix(".md")
    return name.startswith("readme") or plain in _NAMES or name.endswith(_SUFFIXES)
