"""Sealing, padding, key pairs, key files: each rule by itself."""

import json
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamn.core.errors import BadInput
from hamn.guards.vault import rules
from hamn.guards.vault.boxes import Box
from hamn.guards.vault.rules import Cost, IndexKind, Place, Unreadable, WrongPassphrase
from hamn.guards.vault.rules.pairs import pair_of

KEY = bytes(range(32))
PLACE = Place("cases_note", "sealed", "7")
VECTOR = "d99e 4496 af74 9b54 ee4a 2d27 0c80 5745"
CHEAP = Cost(passes=1, memory_kib=8, lanes=1)
PHRASE = "fyra ord på rad räcker"
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(plain=st.binary(max_size=3000))
def test_what_is_sealed_opens_at_its_place_and_says_neither_text_nor_length(plain: bytes) -> None:
    sealed = rules.sealed(KEY, PLACE, plain)
    assert rules.opened(KEY, PLACE, sealed) == plain
    assert len(plain) < 4 or plain not in sealed
    assert len(sealed) == 2 + 12 + 16 + rules.padded_length(len(plain))


@given(plain=st.binary(max_size=300), place=st.tuples(words, words, words), data=st.data())
def test_a_text_moved_or_changed_anywhere_does_not_open(
    plain: bytes, place: tuple[str, str, str], data: st.DataObject
) -> None:
    other = Place(place[0].replace(":", ""), place[1].replace(":", ""), place[2])
    sealed = rules.sealed(KEY, PLACE, plain)
    if other != PLACE:
        with pytest.raises(Unreadable):
            rules.opened(KEY, other, sealed)
    spot = data.draw(st.integers(0, len(sealed) - 1))
    bit = data.draw(st.integers(0, 7))
    changed = bytearray(sealed)
    changed[spot] ^= 1 << bit
    with pytest.raises(Unreadable):
        rules.opened(KEY, PLACE, bytes(changed))
    with pytest.raises(Unreadable):
        rules.opened(KEY, PLACE, sealed[:spot])
    with pytest.raises(Unreadable):
        rules.opened(bytes(32), PLACE, sealed)


@pytest.mark.parametrize(
    "other",
    [
        Place("cases_goal", "sealed", "7"),
        Place("cases_note", "text", "7"),
        Place("cases_note", "sealed", "8"),
        Place("cases_not", "esealed", "7"),
    ],
)
def test_a_box_does_not_open_what_stood_in_another_table_column_or_row(other: Place) -> None:
    box = Box(UUID(int=1), frozenset(), KEY)
    with pytest.raises(Unreadable):
        box.open(other, box.seal(PLACE, b"x"))


def test_no_place_can_be_written_as_another_one() -> None:
    with pytest.raises(ValueError, match="colon"):
        rules.sealed(KEY, Place("a:b", "c", "d"), b"x")


@pytest.mark.parametrize(
    ("length", "padded"),
    [
        *((0, 256), (252, 256), (253, 512), (1020, 1024), (1021, 2048)),
        *((65_532, 65_536), (65_533, 81_920), (100_000, 114_688), (25_000_000, 25_001_984)),
    ],
)
def test_lengths_are_told_in_steps(length: int, padded: int) -> None:
    assert rules.padded_length(length) == padded


@given(a=st.integers(0, 300_000), b=st.integers(0, 300_000))
def test_padding_grows_with_the_text_and_never_cuts_it(a: int, b: int) -> None:
    low, high = sorted((a, b))
    assert low + 4 <= rules.padded_length(low) <= rules.padded_length(high)


@settings(max_examples=20)
@given(key=st.binary(min_size=32, max_size=32), to=words, other=words)
def test_a_key_sealed_to_one_opens_for_that_one_and_that_use_alone(
    key: bytes, to: str, other: str
) -> None:
    _seed, pair = rules.new_pair()
    _seed, stranger = rules.new_pair()
    sealed = rules.seal_key(pair.public, key, to=to)
    assert rules.open_key(pair.private, sealed, to=to) == key
    with pytest.raises(Unreadable):
        rules.open_key(stranger.private, sealed, to=to)
    if other != to:
        with pytest.raises(Unreadable):
            rules.open_key(pair.private, sealed, to=other)
    for broken in (b"", b"\x01", sealed[:-1], b"\x02" + sealed[1:], sealed + b"x"):
        with pytest.raises(Unreadable):
            rules.open_key(pair.private, broken, to=to)


def test_the_same_seed_makes_the_same_pair_for_ever() -> None:
    """A stored vector: a library that derives otherwise would lose every key."""
    assert rules.fingerprint(pair_of(bytes(range(96))).public) == VECTOR


def test_bytes_that_are_no_public_key_are_refused() -> None:
    for broken in (b"", b"x" * 1216, b"x" * 1215):
        if len(broken) != 1216:
            with pytest.raises(Unreadable):
                rules.seal_key(broken, KEY, to="x")


def test_a_key_file_opens_with_each_of_its_passphrases_and_no_other() -> None:
    ring = rules.new_keyring("mika", 1, "Chefen", PHRASE, CHEAP)
    ring = ring.with_passphrase("Ersättaren", "en helt annan fras", CHEAP)
    file = rules.sealed_keyring(ring)
    for phrase in (PHRASE, "en helt annan fras"):
        assert rules.unsealed(file, "mika", phrase).secrets == ring.secrets
    for wrong in ("", PHRASE + " ", PHRASE.upper(), "x" * 100_000):
        with pytest.raises(WrongPassphrase):
            rules.unsealed(file, "mika", wrong)


def test_a_passphrase_is_the_same_however_its_letters_were_typed() -> None:
    file = rules.sealed_keyring(rules.new_keyring("mika", 1, "Chefen", "åäöåäöåäöåäö", CHEAP))
    assert rules.unsealed(file, "mika", "a\u030aa\u0308o\u0308" * 4).unit == "mika"


def test_who_was_taken_off_opens_no_later_file_whatever_copy_she_kept() -> None:
    ring = rules.new_keyring("mika", 1, "Chefen", PHRASE, CHEAP)
    ring = ring.with_passphrase("Den som slutar", "hennes egen lösenfras", CHEAP)
    before = json.loads(rules.sealed_keyring(ring))
    after = json.loads(rules.sealed_keyring(ring.without_passphrase("Den som slutar")))
    with pytest.raises(WrongPassphrase):
        rules.unsealed(json.dumps(after).encode(), "mika", "hennes egen lösenfras")
    forged = {**after, "passphrases": before["passphrases"], "locks": before["locks"]}
    with pytest.raises(Unreadable):
        rules.unsealed(json.dumps(forged).encode(), "mika", "hennes egen lösenfras")


@pytest.mark.parametrize("field", ["unit", "passphrases", "public", "locks", "sealed", "format"])
def test_a_key_file_that_was_changed_anywhere_does_not_open(field: str) -> None:
    ring = rules.new_keyring("mika", 1, "Chefen", PHRASE, CHEAP)
    ring = ring.with_version(2)
    whole = json.loads(rules.sealed_keyring(ring))
    other = json.loads(rules.sealed_keyring(rules.new_keyring("kast", 3, "X", PHRASE, CHEAP)))
    for value in (other[field], None, "", [], 17):
        if value == whole[field]:
            continue
        with pytest.raises((Unreadable, WrongPassphrase)):
            rules.unsealed(json.dumps({**whole, field: value}).encode(), "mika", PHRASE)
    with pytest.raises(Unreadable):
        rules.unsealed(json.dumps(whole).encode(), "kast", PHRASE)


@pytest.mark.parametrize("file", [b"", b"{", b"[]", b'{"format": 2}', b"[" * 100_000, b"\xff"])
def test_what_is_no_key_file_is_said_to_be_unreadable(file: bytes) -> None:
    for read in (lambda: rules.read_header(file), lambda: rules.unsealed(file, "mika", PHRASE)):
        with pytest.raises(Unreadable):
            read()


def test_a_key_file_that_would_tie_up_the_machine_is_refused_before_it_does() -> None:
    whole = json.loads(rules.sealed_keyring(rules.new_keyring("mika", 1, "A", PHRASE, CHEAP)))
    whole["passphrases"][0]["argon2id"][:3] = [10**6, 10**9, 1]
    with pytest.raises(Unreadable):
        rules.unsealed(json.dumps(whole).encode(), "mika", PHRASE)


@pytest.mark.parametrize("phrase", ["", "elva tecken", "x" * 257])
def test_a_passphrase_too_short_or_endless_is_refused_and_not_repeated(phrase: str) -> None:
    with pytest.raises(BadInput) as refusal:
        rules.new_keyring("mika", 1, "Chefen", phrase, CHEAP)
    assert not phrase or phrase not in str(refusal.value)


def test_two_passphrases_never_have_one_name_and_the_last_one_stays() -> None:
    ring = rules.new_keyring("mika", 1, "Chefen", PHRASE, CHEAP)
    with pytest.raises(rules.AlreadyThere):
        ring.with_passphrase(" Chefen ", "en helt annan fras", CHEAP)
    for name in ("Chefen", "Ingen"):
        with pytest.raises(BadInput):
            ring.without_passphrase(name)
    for name in ("", " ", "x" * 101, "a\x00b"):
        with pytest.raises(BadInput):
            ring.with_passphrase(name, "en helt annan fras", CHEAP)


def test_nothing_says_its_secret_when_it_is_shown() -> None:
    seed, pair = rules.new_pair()
    ring = rules.new_keyring("mika", 1, "Chefen", PHRASE, CHEAP)
    shown = f"{ring!r} {ring} {ring.secrets!r} {pair!r} {Box(UUID(int=1), frozenset(), KEY)!r}"
    for secret in (seed, ring.secrets[1].seed, ring.secrets[1].search, KEY):
        assert repr(secret)[2:12] not in shown
        assert secret.hex()[:12] not in shown


@pytest.mark.parametrize(
    ("kind", "values", "entries"),
    [
        (IndexKind.NAME, ["Åsa  BJÖRK"], {"åsa björk", "åsa", "björk"}),
        (IndexKind.NAME, ["Strauß", "ﬁa", ""], {"strauss", "fia"}),
        (IndexKind.NAME, ["a\u200bb\x00c"], {"abc"}),
        (IndexKind.PERSONAL_NUMBER, ["19900101-9802"], {"199001019802"}),
        (IndexKind.PERSONAL_NUMBER, ["900101+9802"], {"199001019802", "209001019802"}),
        (IndexKind.CASE_NUMBER, [" M 2026-17 "], {"m2026-17"}),
    ],
)
def test_values_are_folded_before_they_are_compared(
    kind: IndexKind, values: list[str], entries: set[str]
) -> None:
    assert rules.entries_of(kind, values) == entries


@given(name=words)
def test_a_name_is_found_by_itself_and_by_each_of_its_words(name: str) -> None:
    entries = rules.entries_of(IndexKind.NAME, [name])
    for typed in (name, *name.split()):
        assert all(forms & entries for forms in rules.wanted(IndexKind.NAME, typed))


def test_an_endless_search_is_refused() -> None:
    with pytest.raises(BadInput):
        rules.wanted(IndexKind.NAME, "a" * 201)
