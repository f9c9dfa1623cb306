"""`python -m game check` and `python -m game new`, as the command line has them.

Called by __main__ with what stands behind the first word.
"""

import os
from collections.abc import Sequence
from typing import NoReturn

from game.arguments import Parser
from game.check import Finding
from game.check.arguments import HOW, settled

NEW = "python -m game new SCENE FILE.py"
ABOUT = {
    "check": f"""usage: {HOW}

Does a mover keep its promises? It is loaded as a run loads it, and stepped 1,000 times, or for
5 seconds, in a process of its own; twice, because the same --seed has to give the same values.
Looked at: type and number of the values, finite, inside the ground, the time that a step takes
against --rate, memory that grows, what it prints; and whether it raises, exits, crashes or hangs.

Each finding is a line: file, line, what, remedy. Exit status 0: none, 1: some, 2: wrong arguments.
In pytest: game.check.findings("FILE.py", "SCENE") returns them as a list.
""",
    "new": f"""usage: {NEW}

Writes a mover that runs, to begin with. A file that is there already stays as it is.
""",
}


def answer(word: str, arguments: Sequence[str]) -> int:
    """Do what `check` or `new` asks for; returns the exit status."""
    if {"-h", "--help"} & set(arguments):
        print(ABOUT[word], end="")
        return 0
    if len(arguments) < 2 or any(a.startswith("-") for a in arguments[:2]):
        complain(f"{word}: give the scene, then the file: {HOW if word == 'check' else NEW}")
    scene, path, *options = arguments
    try:
        if word == "check":
            return check(path, scene, options)
        if options:
            complain(f"new: {options[0]!r} is too much: {NEW}")
        from game.new import write

        print(write(scene, path), end="")
        return 0
    except ValueError as error:
        complain(str(error))


def check(path: str, scene: str, options: Sequence[str]) -> int:
    """Check a mover, and print what is found."""
    from game.check.trial import tried

    chosen = settled(path, scene, options)
    found = chosen if isinstance(chosen, list) else tried(chosen)
    for finding in found:
        print(near(finding))
    if not found:
        print(f"{path}: nothing found in {scene}")
    return int(bool(found))


def near(finding: Finding) -> Finding:
    """A finding with its file as it is called from here."""
    here = os.path.join(os.getcwd(), "")
    return finding._replace(file=finding.file.removeprefix(here))


def complain(words: str) -> NoReturn:
    """End the program, as with all wrong arguments."""
    Parser().error(words)
