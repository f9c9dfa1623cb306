"""What tests make by hand: the options of a run, scenes without processes."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic
from typing import Any

from game import scenes
from game.arguments import parse
from game.opening import open_session
from game.options import Options, settle
from game.session.session import Session
from game.view.scene import BaseScene
from tests.conftest import until


def options_of(*arguments: str) -> Options:
    """The options that a command line stands for; where there are no processes of ours, something
    to be shown is taken that is always there."""
    given, definition = parse(arguments)
    assert definition is not None
    if not definition.processes and given.what is None:
        given.what = __file__
    return settle(given, definition)


def scene_of(name: str, *arguments: str, settings: Any = None) -> BaseScene:
    """The scene of that name, with its options or its settings, that has followed no frame."""
    chosen = settings or options_of(name, *arguments).job.settings
    made: BaseScene = scenes.find(name).drawn(chosen)
    return made


@contextmanager
def opened(*arguments: str) -> Iterator[Session]:
    """A whole session with real processes, headless and on the real clock; it never sleeps."""
    with ExitStack() as ends:
        options = options_of(*arguments, "--headless", "--fps", "0")
        yield open_session(options, monotonic(), monotonic, lambda seconds: None, ends)


def frames_until(session: Session, state: Callable[[], object], what: str = "") -> None:
    """Let a session make frames until a state is there."""

    def framed() -> bool:
        session.frame()
        return bool(state())

    until(framed, what)
