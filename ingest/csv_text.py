"""The text of a CSV file, in whichever of two encodings a spreadsheet in China wrote it."""

from ingest.refusal import Refusal, Refused


def csv_text(payload: bytes) -> str | Refused:
    """UTF-8, with or without its mark, else GB 18030: what a spreadsheet writes there when it is asked for CSV."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return payload.decode(encoding)
        except UnicodeDecodeError:
            continue
    return Refused(Refusal.NOT_UTF8, "expected text in UTF-8 or GB 18030; save the export as CSV UTF-8")
