"""Messages, and pages that browsers save as messages."""

from pathlib import Path

from archive.choices import ContentKind
from tests.ingest.readers.contract import good, read

HEADERS = "Received: by mail.example.org\r\nMIME-Version: 1.0\r\nMessage-ID: <7@example.org>\r\n"


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "message.dat"
    path.write_bytes(text.encode())
    return path


def test_headers_are_decoded_and_the_plain_part_is_the_body(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        HEADERS
        + "From: =?utf-8?q?J=C3=B6rg_M=C3=BCller?= <joerg@courier.example>\r\nSubject: =?iso-8859-1?q?Br=FCcke?= offen\r\n"
        'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>HTML</p>\r\n'
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        "Die Br=C3=BCcke ist offen.\r\n--b--\r\n",
    )
    (record,) = good(read(path))
    assert (record.title, record.text) == ("Brücke offen", "Die Brücke ist offen.")
    assert (record.byline, record.source) == (("Jörg Müller",), "courier.example")
    assert record.external_id == "7@example.org"


def test_an_attachment_is_no_body(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        HEADERS + 'From: a@example.org\r\nSubject: A\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
        'Content-Type: text/plain; name="notes.txt"\r\nContent-Disposition: attachment; filename="notes.txt"\r\n\r\nNotes\r\n'
        "--b\r\nContent-Type: text/html\r\n\r\n<p>The story.</p>\r\n--b--\r\n",
    )
    (record,) = good(read(path))
    assert record.text == "<p>The story.</p>"


def test_a_page_saved_as_a_single_file_is_an_html_page_with_its_address(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/story\r\nSubject: Story\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n--b\r\n'
        "Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: https://example.org/story\r\n\r\n"
        '<!DOCTYPE html><html><head><meta charset=3D"utf-8"></head><body><p>Br=C3=BCcke</p></body></html>\r\n--b--\r\n',
    )
    (record,) = good(read(path))
    assert record.kind == ContentKind.HTML_PAGE
    assert record.url == "https://example.org/story"
    assert "<p>Brücke</p>" in record.text


def test_a_text_that_only_talks_of_mail_is_page_text(tmp_path: Path) -> None:
    path = write(tmp_path, "Subject: a word with many meanings\n\nFrom: the dictionary. Received: yesterday.\n")
    assert good(read(path))[0].kind == ContentKind.PAGE_TEXT
