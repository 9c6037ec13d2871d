"""kill -9 of the door or its database under load: what was acknowledged is there, and once.

People write all the while. Whoever is cut off sends the very same form again, as one does whose
page never came; so in the end each has her receipt, and there are as many dialogues as receipts.
"""

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tools.centres import BASE, Centre, new_centre
from tools.clusters import Cluster
from tools.doors import Crowd, Door, checked, door_centre

SENDERS = 4
Kill = Callable[[Door, random.Random], None]


def kill_all(door: Door, rng: random.Random) -> None:
    door.kill()
    time.sleep(rng.uniform(0, 0.1))
    door.start()


def kill_one(door: Door, rng: random.Random) -> None:
    """One of the processes that answer; the server starts another in its place."""
    door.kill_one(rng.choice)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Beside the centre: what was said, and the units' keys."""
    return tmp_path


@pytest.fixture
def door(folder: Path) -> Iterator[Door]:
    """A door on a centre of its own, on the tests' database."""
    centre = new_centre(folder / "home")
    yield from serving(centre, folder)
    centre.remove()


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    made = Cluster()
    yield made
    made.remove()


@pytest.fixture
def door_on_cluster(cluster: Cluster, folder: Path) -> Iterator[Door]:
    """A door on a PostgreSQL of its own, which may be killed."""
    centre = Centre(folder / "home")
    centre.environment["HAMN_DATABASE"] = cluster.address
    yield from serving(centre, folder)


def serving(centre: Centre, folder: Path) -> Iterator[Door]:
    door_centre(centre, folder)
    made = Door(centre)
    made.start()
    yield made
    made.stop()


def written_through(door: Door, rng: random.Random, kills: list[Kill], *, between: int) -> Crowd:
    """People write while the kills happen, about so many messages apart; then all is finished."""
    crowd = Crowd(door, SENDERS)
    crowd.start()
    for kill in kills:
        crowd.until(len(crowd.said) + rng.randint(max(1, between // 2), between + between // 2))
        time.sleep(rng.uniform(0, 0.1))
        kill(door, rng)
    crowd.until(len(crowd.said) + SENDERS)
    crowd.stop()
    return crowd


def assert_kept(door: Door, folder: Path, crowd: Crowd) -> None:
    """Every receipt's message is there once, for her code and for her unit; nothing is half."""
    found = checked(door.centre, folder, crowd.said)
    count = len(crowd.said)
    assert found == {
        **{"said": count, "lost": 0, "unread": 0, "doubled": 0},
        **{"dialogues": count, "messages": count, "facts": count},
    }
    rough = [one for one in crowd.refused if not one.is_calm]
    assert not rough, (rough[0].status, rough[0].text[-2000:])
    assert "Traceback" not in door.told()


@pytest.mark.slow
def test_a_door_killed_under_load_keeps_every_message_that_was_acknowledged(
    door: Door, folder: Path
) -> None:
    crowd = written_through(door, random.Random(1), [kill_all, kill_one, kill_all], between=10)
    assert_kept(door, folder, crowd)
    assert crowd.cut_off >= 1


@pytest.mark.slow
@pytest.mark.once
def test_a_database_killed_under_load_keeps_every_message_that_was_acknowledged(
    door_on_cluster: Door, cluster: Cluster, folder: Path
) -> None:
    kills: list[Kill] = [database_killer(cluster)] * 2
    crowd = written_through(door_on_cluster, random.Random(2), kills, between=10)
    assert_kept(door_on_cluster, folder, crowd)
    # Those who wrote meanwhile were told to wait, and why; nobody met a fault.
    assert crowd.refused or crowd.cut_off


def database_killer(cluster: Cluster) -> Kill:
    def kill(_door: Door, rng: random.Random) -> None:
        cluster.kill()
        time.sleep(rng.uniform(0, 0.3))
        cluster.start()

    return kill


@pytest.mark.soak
def test_ten_thousand_acknowledged_messages_outlive_fifty_kills(door: Door, folder: Path) -> None:
    rng = random.Random(3)
    kills = [kill_all] * 50 + [kill_one] * 10
    rng.shuffle(kills)
    crowd = written_through(door, rng, kills, between=10_000 // len(kills) + 10)
    more = Crowd(door, SENDERS)
    more.start()
    more.until(max(0, 10_000 - len(crowd.said)))
    more.stop()
    crowd.said += more.said
    assert len(crowd.said) >= 10_000
    assert crowd.cut_off >= 25
    assert_kept(door, folder, crowd)


@pytest.mark.soak
@pytest.mark.skipif(not BASE, reason="once is enough: it brings a PostgreSQL of its own")
def test_fifty_kills_of_the_database_lose_and_double_nothing(
    door_on_cluster: Door, cluster: Cluster, folder: Path
) -> None:
    kills: list[Kill] = [database_killer(cluster)] * 50
    crowd = written_through(door_on_cluster, random.Random(4), kills, between=20)
    assert_kept(door_on_cluster, folder, crowd)
