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
# What the public pages are made of; the rest of the style is the desk's alone.
AT_THE_DOOR = {
    *("back-link", "body", "body-l", "body-m", "body-s", "button", "button-group", "caption"),
    *("caption-l", "caption-m", "caption-xl", "character-count", "checkboxes", "date-input"),
    *("details", "error-message", "error-summary", "fieldset", "form-group"),
    *("frontend-supported", "heading", "heading-l", "heading-m", "heading-s", "heading-xl"),
    *("hint", "input", "inset-text", "label", "label-wrapper", "link", "list", "main-wrapper"),
    *("notification-banner", "panel", "radios", "section-break", "select", "skip-link"),
    *("summary-list", "table", "tag", "template", "textarea", "visually-hidden"),
    *("visually-hidden-focusable", "warning-text", "width-container", "clearfix"),
}
BLOCK = re.compile(r"\.govuk-((?:[a-z0-9]+-)*[a-z0-9]+)")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
# Written from the right as well as from the left: start and end instead of the two sides.
SIDES = (
    (re.compile(r"(?<![\w-])(margin|padding|border)-left\b"), r"\1-inline-start"),
    (re.compile(r"(?<![\w-])(margin|padding|border)-right\b"), r"\1-inline-end"),
    (re.compile(r"(?<![\w-])left:"), "inset-inline-start:"),
    (re.compile(r"(?<![\w-])right:"), "inset-inline-end:"),
    (re.compile(r"text-align:left"), "text-align:start"),
    (re.compile(r"text-align:right"), "text-align:end"),
    (re.compile(r"float:left"), "float:inline-start"),
)
IMAGE = re.compile(r"url\(/assets/images/([\w.-]+)\)")


def main() -> None:
    """Write style sheets, scripts and the images that the style sheets name."""
    shutil.rmtree(OUT, ignore_errors=True)
    (OUT / "images").mkdir(parents=True)
    style("govuk.css", GOVUK / "govuk-frontend.min.css", GOVUK / "assets" / "images")
    style("moj.css", MOJ / "moj-frontend.min.css", MOJ / "assets" / "images")
    style_of_the_door()
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


def style_of_the_door() -> None:
    """The parts of the style sheet that the public pages use, for either direction of writing."""
    whole = (OUT / "govuk.css").read_text(encoding="utf-8")
    text = EMPTY_BLOCK.sub("", RULE.sub(_kept, whole))
    (OUT / "door.css").write_text(text, encoding="utf-8")


def _kept(rule: re.Match[str]) -> str:
    """The rule with those of its selectors that the door needs; nothing without one."""
    selectors, style = rule.groups()
    if selectors.lstrip().startswith(("@", "from", "to")):
        return rule.group()
    kept = [one for one in selectors.split(",") if set(BLOCK.findall(one)) <= AT_THE_DOOR]
    for side, inline in SIDES:
        style = side.sub(inline, style)
    return f"{','.join(kept)}{{{style}}}" if kept else ""


def script(name: str, source: Path) -> None:
    """One script without its pointer to a map that is not there."""
    text = SOURCE_MAP.sub("", source.read_text(encoding="utf-8"))
    (OUT / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
