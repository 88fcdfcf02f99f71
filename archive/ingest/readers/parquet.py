"""Parquet tables: a record a row, in batches. Needs pyarrow, which is an optional extra (`pip install pyarrow`)."""

from collections.abc import Iterator

from archive.errors import DumpError
from archive.ingest.readers.base import Context, Record, in_bytes
from archive.ingest.readers.containers import seekable
from archive.ingest.readers.fields import record_from
from archive.ingest.readers.head import Head
from archive.ingest.readers.streams import ByteStream

_ROWS_AT_ONCE = 100


def recognise(head: Head) -> bool:
    return head.data.startswith(b"PAR1")


def read(stream: ByteStream, context: Context) -> Iterator[Record]:
    """Raises DumpError `needs-pyarrow` where pyarrow is missing, `damaged` where the file's footer is."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise DumpError(
            "needs-pyarrow",
            "reading Parquet needs pyarrow, which is not installed: pip install pyarrow; if other members of the dump "
            "were read, ingest --retry with the run's number then reads this one",
        ) from None
    places = context.places
    with seekable(stream, context.options.limits) as file:
        try:
            table = parquet.ParquetFile(file)
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            raise DumpError("damaged", f"the Parquet file cannot be read, perhaps it is cut off ({error})") from error
        batches = table.iter_batches(batch_size=_ROWS_AT_ONCE)
        while True:
            try:
                batch = next(batches, None)
            except (pyarrow.ArrowException, OSError, ValueError) as error:
                yield places.bad("damaged", f"the rest of the Parquet file is corrupt ({error})")
                return
            if batch is None:
                return
            for number in range(batch.num_rows):
                row = batch.slice(number, 1)
                if row.nbytes > context.record_limit:
                    sentence = f"the row is longer than {in_bytes(context.record_limit)}; it is not loaded"
                    yield places.bad("too-long", sentence)
                    continue
                try:
                    values = row.to_pylist()[0]
                except (pyarrow.ArrowException, ValueError, OverflowError) as error:
                    yield places.bad("damaged", f"a value of the row cannot be read ({error})")
                else:
                    yield record_from(values, places.next(), context)
