"""What the process says that only reads, about behaviours of several kinds."""

from game.child.job import Behaviour, Job
from game.child.monitor_process import line_of
from game.scenes import find

FIELDS = {"speed": "km/h", "distance": "m", "fuel": "kg"}
TWO = Behaviour("a.py", ("fuel",), "mine"), Behaviour("cruise", (), "cruise")
AGENTS = {0: (50.0, 1.0, 9.0), 2: (70.5, 2.0, 0.0), 4: (60.0, 3.0, 0.0)}


def test_its_words_are_about_the_scenes_own_fields_and_say_who_is_who():
    line = line_of(Job("race", FIELDS, TWO, 1, 1.0, 0, per_process=2), find("race"))
    assert line(AGENTS) == "Current speeds: [50, 70.5, 60] (mine, cruise, mine)"


def test_of_one_behaviour_nothing_is_said():
    line = line_of(Job("race", FIELDS, TWO[:1], 1, 1.0, 0), find("race"))
    assert line(AGENTS) == "Current speeds: [50, 70.5, 60]"
