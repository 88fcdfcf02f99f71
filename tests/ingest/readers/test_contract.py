"""Every format keeps the same promises: detected by content, numbered, located, and only what is broken is lost."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import pytest
import zstandard

from archive.errors import DumpError
from archive.ingest.readers import FORMATS, Limits, ReadOptions, open_dump
from tests.ingest.readers.contract import BODIES, SAMPLES, Sample, bad, essence, good, read, read_some

formats = pytest.mark.parametrize(("name", "sample"), SAMPLES.items(), ids=SAMPLES)


def write(folder: Path, data: bytes, name: str = "dump") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def tarred(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def test_a_zip_within_another_is_laid_open_in_the_spool_folder_and_nowhere_else(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    path = write(tmp_path, gzip.compress(zipped(**{"a.jsonl": SAMPLES["jsonl"].data})))
    limits = Limits(spool_folder=spool)
    with pytest.raises(DumpError, match="No such file"):
        list(open_dump(path, ReadOptions(limits=limits)).records())
    spool.mkdir()
    assert len(good(list(open_dump(path, ReadOptions(limits=limits)).records()))) == SAMPLES["jsonl"].records
    assert not list(spool.iterdir())


def test_every_format_has_a_sample_here() -> None:
    # Parquet needs an optional library and has tests of its own.
    assert set(SAMPLES) == {fmt.name for fmt in FORMATS} - {"parquet"}


@formats
def test_a_dump_is_known_by_its_content_whatever_its_name(tmp_path: Path, name: str, sample: Sample) -> None:
    assert open_dump(write(tmp_path, sample.data, "stories.bin")).format == name


@formats
def test_every_record_is_read_numbered_and_told_apart(tmp_path: Path, name: str, sample: Sample) -> None:
    records = read(write(tmp_path, sample.data))
    assert not bad(records)
    assert [record.locator.number for record in records] == list(range(1, sample.records + 1))
    for record, body in zip(good(records), BODIES, strict=False):
        assert body in record.text


@formats
def test_a_dump_reads_the_same_twice(tmp_path: Path, name: str, sample: Sample) -> None:
    dump = open_dump(write(tmp_path, sample.data))
    assert list(dump.records()) == list(dump.records())


@formats
def test_a_records_offset_and_length_are_its_bytes(tmp_path: Path, name: str, sample: Sample) -> None:
    for number, record in enumerate(good(read(write(tmp_path, sample.data)))):
        offset, length = record.locator.offset, record.locator.length
        if offset is None:
            assert record.locator.line is not None, "a record without an offset must at least have its line"
            continue
        assert length is not None
        assert BODIES[number].encode() in sample.data[offset : offset + length]


@formats
def test_the_bytes_of_a_record_can_be_had_again_out_of_any_container(tmp_path: Path, name: str, sample: Sample) -> None:
    inner = gzip.compress(sample.data)
    dump = open_dump(write(tmp_path, tarred(**{"other.txt": b"Another text.", "a/stories.gz": inner}), "packed.tar"))
    found = [(record, dump.raw(record.locator)) for record in good(list(dump.records()))[1:]]
    assert len(found) == sample.records
    for (record, raw), body in zip(found, BODIES, strict=False):
        assert record.locator.member == "a/stories.gz"
        assert body.encode() in raw or record.locator.offset is None


@formats
@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstandard.compress])
def test_a_compressed_dump_reads_like_the_plain_one(tmp_path: Path, name: str, sample: Sample, pack: object) -> None:
    plain = read(write(tmp_path, sample.data))
    packed = open_dump(write(tmp_path, pack(sample.data), "packed"))  # type: ignore[operator]  # one of the four above
    assert packed.format == name
    assert list(packed.records()) == plain


@formats
@pytest.mark.parametrize(("kind", "pack"), [("zip", zipped), ("tar", tarred)])
def test_an_archive_reads_like_its_files(tmp_path: Path, name: str, sample: Sample, kind: str, pack: object) -> None:
    plain = good(read(write(tmp_path, sample.data)))
    data = pack(**{"a/first": sample.data, "b/second": sample.data})  # type: ignore[operator]  # one of the two above
    dump = open_dump(write(tmp_path, data, "packed"))
    records = good(list(dump.records()))
    assert dump.format == kind
    assert [essence(record) for record in records] == [essence(record) for record in plain] * 2
    assert [record.locator.member for record in records] == ["a/first"] * len(plain) + ["b/second"] * len(plain)
    assert [record.locator.number for record in records] == list(range(1, 2 * len(plain) + 1))


@formats
def test_a_dump_cut_anywhere_loses_only_what_was_cut(tmp_path: Path, name: str, sample: Sample) -> None:
    whole = good(read(write(tmp_path, sample.data)))
    for cut in range(1, len(sample.data), 7):
        path = write(tmp_path, sample.data[:cut])
        records, error = read_some(path)
        if not sample.cuts_noticed or not records or open_dump(path).format != name:
            continue  # it must not raise anything but DumpError; a text that ends earlier is a text
        kept = [essence(record) for record in good(records)]
        expected = [essence(record) for record in whole]
        assert kept == expected[: len(kept)], cut
        ended = [one for one in whole if one.locator.offset is not None and one.locator.length is not None]
        certain = sum(one.locator.offset + one.locator.length <= cut for one in ended)  # type: ignore[operator]
        assert len(kept) >= certain or error, cut


@formats
def test_a_cut_gzip_is_noticed_and_what_came_before_is_kept(tmp_path: Path, name: str, sample: Sample) -> None:
    filler = sample.data if sample.records == 1 else sample.data * 1
    packed = gzip.compress(filler)[:-6]
    records, error = read_some(write(tmp_path, packed))
    noticed = [record.code for record in bad(records)] + ([error.code] if error else [])
    assert "truncated" in noticed
    assert len(good(records)) <= sample.records


@formats
def test_a_record_over_the_limit_is_rejected_not_loaded(tmp_path: Path, name: str, sample: Sample) -> None:
    records, error = read_some(write(tmp_path, sample.data), Limits(record_bytes=50))
    assert not good(records)
    assert error or {record.code for record in bad(records)} <= {"too-long", "truncated", "no-records"}


@formats
def test_the_format_can_be_named_by_hand(tmp_path: Path, name: str, sample: Sample) -> None:
    path = write(tmp_path, sample.data)
    assert [essence(one) for one in good(read(path, format=name))] == [essence(one) for one in good(read(path))]


def test_an_unknown_format_name_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(DumpError, match="page-text") as caught:
        open_dump(write(tmp_path, b"x"), ReadOptions(format="docx"))
    assert caught.value.code == "unknown-format"
