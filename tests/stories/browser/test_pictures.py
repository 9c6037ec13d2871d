"""The guides' pictures, taken from the demonstration; and that the guides say what pages say.

One walk through the desk does what the guides tell each role to do. On the way it takes their
pictures and keeps the words of every page. `HAMN_PICTURES` names the folder for the pictures.
"""

import os
import re
from pathlib import Path

import pytest
from tools import catalogues

from tests.stories.browser import guided
from tests.stories.browser.visiting import PEOPLE, Desk
from tests.stories.browser.walking import WINDOW, Walk, Walker, spaced

pytestmark = [pytest.mark.slow, pytest.mark.once]

GUIDES = Path(__file__).parents[3] / "docs" / "guide"
NOBODY = "nobody"  # who is about to sign in
# Each guide's readers. What the index tells of is everybody's, so the one who sees least has it.
READERS = {
    "README": (NOBODY, "reader"),
    "controller": ("controller",),
    "avtalshandlaggare": ("steward",),
    "enhetschef": ("head",),
    "lasare": ("reader",),
    "systemadministrator": ("administrator",),
    "handlaggare": ("worker",),
    "regionkoordinator": ("coordinator",),
    "../aret": ("controller", "steward"),
}
MOST_BYTES = {"oversikt": 150_000}
MOST_BYTES_ELSE = 90_000
FEWEST_BYTES = 5_000  # fewer is a page with nothing on it

PICTURE = re.compile(r"!\[([^\]]*)\]\(bilder/([a-z-]+)\.png\)")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)#]+)(?:#[^)]*)?\)")
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
QUOTED = re.compile(r"”([^”]+)”")


def guide(name: str) -> str:
    """The text of a guide."""
    return (GUIDES / f"{name}.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def walk(site: Desk, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """What everyone saw who did what the guides say; their pictures lie in the folder."""
    found = Walk()

    def someone(role: str) -> Walker:
        walker = Walker(site.as_role(role, viewport=WINDOW), role, found)
        walker.go("/desk/")
        return walker

    readers = {role for roles in READERS.values() for role in roles} - {NOBODY}
    people = {role: someone(role) for role in PEOPLE if role in readers}
    guided.enters(Walker(site.visitor(viewport=WINDOW), NOBODY, found))
    guided.gives_roles(people["administrator"])
    asks, head = people["administrator"], people["head"]
    guided.proposes(
        asks, "Avtalshandläggare", "steward", as_what="Medarbetare", unit="Mikamottagningen"
    )
    guided.decides(head)
    unit = "regionkoordinator vuxna"
    guided.proposes(asks, "Enhetschef", "head", as_what="Chef för enheten", unit=unit)
    guided.keeps_watch(head, site.centre.home)
    guided.works(people["worker"])
    guided.coordinates(people["coordinator"])
    first = guided.keeps_agreements(people["steward"])
    guided.releases(people["controller"], first)
    run = guided.mends(people["controller"])
    guided.heads(people["head"], run)
    guided.keeps_invoices(people["controller"], run)
    guided.looks_ahead(people["controller"])
    guided.reads(people["reader"])
    guided.verifies(people["administrator"])
    folder = Path(os.environ.get("HAMN_PICTURES") or tmp_path_factory.mktemp("bilder"))
    folder.mkdir(parents=True, exist_ok=True)
    for name, png in found.pictures.items():
        (folder / f"{name}.png").write_bytes(png)
    return found


@pytest.mark.soak
def test_the_guides_show_the_pictures_that_are_taken_and_no_others(walk: Walk) -> None:
    shown = [found for name in READERS for found in PICTURE.findall(guide(name))]
    assert sorted(name for _told, name in shown) == sorted(walk.pictures)
    assert all(told for told, _name in shown), "a picture says in words what it shows"
    kept = {path.stem for path in (GUIDES / "bilder").iterdir()}
    assert kept == set(walk.pictures), "run `make pictures`, and remove what nobody shows"


@pytest.mark.soak
@pytest.mark.parametrize("name", READERS)
def test_what_a_guide_sets_in_bold_stands_on_a_page_of_its_reader(walk: Walk, name: str) -> None:
    words = set().union(*(walk.words[role] for role in READERS[name]))
    bold = {spaced(one) for one in BOLD.findall(guide(name))}
    assert bold
    assert sorted(bold - words) == []


@pytest.mark.soak
@pytest.mark.parametrize("name", READERS)
def test_what_a_guide_quotes_is_something_that_hamn_says(walk: Walk, name: str) -> None:
    said = [text for role in READERS[name] for text in walk.texts[role]]
    said += [sentence for sentence, _place in catalogues.sentences()]
    quoted = {spaced(one) for one in QUOTED.findall(guide(name))}
    assert sorted(one for one in quoted if not any(one in text for text in said)) == []


@pytest.mark.parametrize("name", READERS)
def test_every_link_of_a_guide_leads_to_a_document(name: str) -> None:
    here = (GUIDES / f"{name}.md").parent
    links = set(LINK.findall(guide(name)))
    assert sorted(link for link in links if not (here / link).is_file()) == []


@pytest.mark.soak
def test_each_picture_shows_something_and_is_light(walk: Walk) -> None:
    sizes = {name: len(png) for name, png in walk.pictures.items()}
    assert [name for name, size in sizes.items() if size < FEWEST_BYTES] == []
    most = {name: MOST_BYTES.get(name, MOST_BYTES_ELSE) for name in sizes}
    assert [name for name, size in sizes.items() if size > most[name]] == []
