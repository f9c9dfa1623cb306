"""What the keys of a scene may ask of the session, with processes and without."""

from types import SimpleNamespace

import pytest

from game.parts import Host
from game.session.cast_keys import CastKeys
from game.session.host import SessionHost

TOLD: list[str] = []
SCREEN = SimpleNamespace(scene=SimpleNamespace(scene="the scene"))
HOSTS = {
    "with a cast": lambda: SessionHost(
        CastKeys(SimpleNamespace(), SCREEN, TOLD.append, 3, 9), SCREEN, TOLD.append
    ),
    "alone": lambda: SessionHost(None, SCREEN, TOLD.append),
}


@pytest.mark.parametrize("name", HOSTS)
def test_a_host_has_all_that_is_promised(name: str):
    host = HOSTS[name]()
    promised = [word for word in vars(Host) if not word.startswith("_")]
    assert set(promised) == {"agents", "capacity", "scene", "tell", "start_with", "save"}
    assert [word for word in promised if not hasattr(host, word)] == []
    assert host.scene == "the scene"
    TOLD.clear()
    host.tell("words")
    assert TOLD == ["words"]
