"""Prepares GOV.UK Frontend, the MOJ patterns and htmx for every face; run by `make install`.

The typeface GDS Transport and the crown are for gov.uk alone, so they are taken out here, and a
test sees to it that nothing of them is left. What this writes is never committed.
"""

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ROOT / "node_modules"
GOVUK = PACKAGES / "govuk-frontend" / "dist" / "govuk"
MOJ = PACKAGES / "@ministryofjustice" / "frontend" / "moj"
OUT = ROOT / "src" / "hamn" / "ui" / "static" / "ui" / "vendor"

TYPE = 'system-ui,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif'
FONT_FACE = re.compile(r"@font-face\{[^}]*GDS Transport[^}]*\}")
CREST = re.compile(r"\.(?:govuk-footer__copyright-logo|moj-header__logotype)[^{},]*\{[^{}]*\}")
EMPTY_BLOCK = re.compile(r"@(?:media|supports)[^{}]*\{\s*\}")
SOURCE_MAP = re.compile(r"(?:/\*#|//#)\s*sourceMappingURL=\S*(?:\s*\*/)?")
IMAGE = re.compile(r"url\(/assets/images/([\w.-]+)\)")


def main() -> None:
    """Write style sheets, scripts and the images that the style sheets name."""
    shutil.rmtree(OUT, ignore_errors=True)
    (OUT / "images").mkdir(parents=True)
    style("govuk.css", GOVUK / "govuk-frontend.min.css", GOVUK / "assets" / "images")
    style("moj.css", MOJ / "moj-frontend.min.css", MOJ / "assets" / "images")
    script("govuk.js", GOVUK / "govuk-frontend.min.js")
    script("htmx.js", PACKAGES / "htmx.org" / "dist" / "htmx.min.js")


def style(name: str, source: Path, images: Path) -> None:
    """One style sheet without the protected parts, and its images beside it."""
    text = FONT_FACE.sub("", source.read_text(encoding="utf-8"))
    text = text.replace("GDS Transport,arial,sans-serif", TYPE)
    text = SOURCE_MAP.sub("", EMPTY_BLOCK.sub("", CREST.sub("", text)))
    for image in sorted(set(IMAGE.findall(text))):
        shutil.copyfile(images / image, OUT / "images" / image)
    (OUT / name).write_text(IMAGE.sub(r"url(images/\1)", text), encoding="utf-8")


def script(name: str, source: Path) -> None:
    """One script without its pointer to a map that is not there."""
    text = SOURCE_MAP.sub("", source.read_text(encoding="utf-8"))
    (OUT / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
