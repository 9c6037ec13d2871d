"""What a code becomes: held by stored vectors, since a change would shut everybody out."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamn.guards.vault.rules import pair_of
from hamn.support.door.rules import keys

SALT = bytes(range(16))
# code, locator, SHA-256 of the seed, SHA-256 of the public key that the seed makes.
VECTORS = [
    (
        "00000000000000000000",
        "c660c584783cfd55f4cc09ec005747132c3d4c773ea388a6f823a4b551c0c600",
        "c9addbf419cc44e2c237a8373adad322c74d2b6262076d07b177c110d8286f2b",
        "d4e4579d375ef5d9e3cd9c5d881acf40dbcb4f483da07251dadb96c46f7095aa",
    ),
    (
        "0123456789ABCDEFWJ6M",
        "82654a7c79290a8b2698295caa36735520ae9e39db52ec79efeaacd2e9900b77",
        "27b1e2c0e186cca8a5662ea8a260f09c6d51693ab2a773f3afb9f3942c35a60d",
        "a1545be68bdc283fa5c38daf8eadc3a272a256d7095b1bb10e808bb02d6a013a",
    ),
    (
        "ZYXWVTSRQPNMKJHGBF99",
        "bebecfad8cd0676c7930b7ec40e5fe4111131041a2eb21b36810b360b9528496",
        "119e437b405b79d24026f061cc52e5d770ffcc2ec5d49c508a239b308fd74603",
        "d8f48bd4c8531d785688cbbf3250fe41440cf4dec628fe3905805f44337fd4cb",
    ),
]


@pytest.mark.parametrize(("code", "locator", "seed", "public"), VECTORS)
def test_a_code_makes_what_it_has_always_made(
    code: str, locator: str, seed: str, public: str
) -> None:
    made = keys.derive(code, SALT)
    assert made.locator.hex() == locator
    assert hashlib.sha256(made.seed).hexdigest() == seed
    assert hashlib.sha256(pair_of(made.seed).public).hexdigest() == public


def test_there_are_vectors() -> None:
    assert len(VECTORS) == 3


def test_the_cost_is_the_agreed_one() -> None:
    assert (keys.MEMORY_KIB, keys.PASSES, keys.LANES) == (19456, 2, 1)


def test_locator_and_seed_have_no_byte_run_in_common() -> None:
    made = keys.derive("0" * 20, SALT)
    assert (len(made.locator), len(made.seed)) == (32, 96)
    runs = {made.seed[place : place + 4] for place in range(93)}
    assert not any(made.locator[place : place + 4] in runs for place in range(29))


def test_another_centres_salt_makes_another_locator() -> None:
    assert keys.derive("0" * 20, SALT).locator != keys.derive("0" * 20, bytes(16)).locator


def test_what_a_code_made_says_nothing_when_it_is_printed() -> None:
    assert repr(keys.derive("0" * 20, SALT)) == "<Derived>"


@settings(max_examples=20)
@given(st.text(alphabet="0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=20, max_size=20))
def test_one_sign_more_or_less_makes_everything_else(code: str) -> None:
    other = ("1" if code[0] == "0" else "0") + code[1:]
    one, two = keys.derive(code, SALT), keys.derive(other, SALT)
    assert one.locator != two.locator
    assert one.seed != two.seed


def test_values_of_two_purposes_differ() -> None:
    assert keys.expanded(b"k" * 32, "form") != keys.expanded(b"k" * 32, "message")
