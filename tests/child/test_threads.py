"""Threads of numeric libraries: one in each mover, unless somebody wants more."""

import os
import sys
from pathlib import Path

import pytest

from game.child.threads import FOLLOWERS, GENERAL, VARIABLES, limit
from tests.made import frames_until, opened, options_of

MOVER = """
import os, subprocess, sys
NAMES = {names!r}
class Mover:
    def __init__(self, agent):
        code = f"import os; print([os.environ.get(name) for name in {{NAMES}}])"
        started = subprocess.check_output([sys.executable, "-c", code], text=True)
        print([os.environ.get(name) for name in NAMES], started)
    def step(self, dt): return 1, 2
"""


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment in which nobody has said anything."""
    for name in VARIABLES:
        monkeypatch.setenv(name, "")  # so that it is put back, whoever sets it
        monkeypatch.delenv(name)


def said() -> dict[str, str]:
    return {name: os.environ[name] for name in VARIABLES if name in os.environ}


@pytest.mark.usefixtures("bare")
def test_it_is_one_each():
    limit()
    assert said() == dict.fromkeys(VARIABLES, "1")
    assert {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"} < set(
        VARIABLES
    )
    assert {"VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS"} < set(VARIABLES)


@pytest.mark.usefixtures("bare")
def test_but_for_what_somebody_has_set(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MKL_NUM_THREADS", "3")
    monkeypatch.setenv("BLIS_NUM_THREADS", "")  # as if it were not there
    limit()
    assert said() == dict.fromkeys(VARIABLES, "1") | {"MKL_NUM_THREADS": "3"}


@pytest.mark.usefixtures("bare")
def test_who_sets_the_general_one_means_all_that_go_by_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(GENERAL, "4")
    limit()
    own = set(VARIABLES) - {GENERAL, *FOLLOWERS}
    assert said() == dict.fromkeys(own, "1") | {GENERAL: "4"}


@pytest.mark.usefixtures("bare")
def test_the_option_counts_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(GENERAL, "4")
    limit(2)
    assert said() == dict.fromkeys(VARIABLES, "2")


def test_the_option_travels_with_the_job():
    assert options_of("swarm").job.threads == 0
    assert options_of("swarm", "--threads", "3").job.threads == 3


@pytest.mark.slow
@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("words", [(), ("--threads", "3")])
def test_a_mover_has_it_and_what_it_starts_and_the_window_has_not(
    method: str, tmp_path: Path, words: tuple[str, ...]
):
    path = tmp_path / "mine.py"
    path.write_text(MOVER.format(names=VARIABLES))
    each = str(["3" if words else "1"] * len(VARIABLES))
    command = ("swarm", "--mover", str(path), "--agents", "1", "--start-method", method, *words)
    with opened(*command) as session:
        frames_until(session, lambda: session.source.frame.updates[0] > 0, "it runs")
        assert session.cast is not None
        assert session.cast.card(0).words.split("\n")[:2] == [f"{each} {each}", ""]
        assert said() == {}, "the window's own environment"


@pytest.mark.slow
@pytest.mark.usefixtures("bare")
def test_it_is_set_before_a_scene_from_outside_is_loaded(method: str, tmp_path: Path):
    """Which may load such a library itself, in its own file."""
    scene = tmp_path / "lights"
    (scene / "movers").mkdir(parents=True)
    (scene / "__init__.py").write_text(
        "import os\nSEEN = os.environ.get('OPENBLAS_NUM_THREADS')\nFIELDS = {'x': 'm', 'y': 'm'}\n"
    )
    (scene / "drawing.py").write_text(
        "from game.view.camera import Bounds\nfrom game.view.scene import BaseScene\n"
        "class Scene(BaseScene):\n    title = 'Lights'\n    bounds = Bounds(0, 0, 1, 1)\n"
        "    def draw(self, canvas): pass\n"
    )
    (scene / "movers" / "mine.py").write_text(
        "class Mover:\n    def __init__(self, agent):\n"
        "        import sys\n"
        "        print(sys.modules['outside_lights'].SEEN)\n"
        "    def step(self, dt): return 1, 2\n"
    )
    command = (str(scene), "--agents", "1", "--start-method", method)
    try:
        with opened(*command) as session:
            frames_until(session, lambda: session.source.frame.updates[0] > 0, "it runs")
            assert session.cast is not None
            assert session.cast.card(0).words == "1\n"
    finally:
        for name in [name for name in sys.modules if name.startswith("outside_lights")]:
            del sys.modules[name]
