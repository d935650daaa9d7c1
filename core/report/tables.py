"""The figures of the reports for programs: a CSV table and a JSON document."""

import csv
import io
import json
import os

from ..quality.quality import TABLE_COLUMNS


def quality_csv(quality):
    """A Quality as CSV text: a header, then a line per band; undefined figures are empty.

    Columns are `TABLE_COLUMNS`; `compared` is 1 or 0; a PSNR without error is inf.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(TABLE_COLUMNS)
    for row in quality.rows():
        writer.writerow([int(value) if isinstance(value, bool) else value for value in row])
    return text.getvalue()


def info_json(header, path, n_bytes):
    """The header of a file and its size as JSON text, a str.

    The keys of `Header.to_json`, and beside them `file` (its name), `bytes` and `rate_bpppb`.
    """
    document = {
        "file": os.path.basename(path),
        "bytes": int(n_bytes),
        "rate_bpppb": 8 * n_bytes / header.description.n_samples,
        **header.to_json(),
    }
    return json.dumps(document, indent=1, allow_nan=False, ensure_ascii=False)
