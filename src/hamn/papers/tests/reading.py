"""What the tests of papers read of one, in every room that prints."""

import subprocess


def words(content: bytes, *, raw: bool = True) -> str:
    """The text of a PDF as another program reads it, without line breaks.

    raw: in the order in which it was drawn, else as it stands on the page.
    """
    told = subprocess.run(
        ["pdftotext", *(["-raw"] if raw else []), "-", "-"],
        input=content,
        capture_output=True,
        check=True,
    )
    return " ".join(told.stdout.decode().split())
