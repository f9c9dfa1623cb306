"""The publisher: who gets a mover, which rows count, and when a node is lost. Its nodes are fakes.

What a fake node answers, and when, the test says; time is what it says as well.
"""

import multiprocessing
import pickle
from array import array
from collections.abc import Iterator
from queue import SimpleQueue
from threading import Event

import pytest

from game.child import messages
from game.child.channel import Channel
from game.child.job import Behaviour, Job
from game.cluster.messages import Answer, Begin, Gone, Hello, Joined, Request, Row
from game.cluster.publisher import Publisher
from game.cluster.site import LONGEST, SILENT, Place, in_a_line
from game.cluster.versions import hello, mismatch
from game.crew.launcher import Parted, Trouble
from game.shared.table import PID, ROW, SEQUENCE, STATE, UPDATES, State, Table
from tests.conftest import until

HERE = multiprocessing.get_context("spawn")
FIELDS = {"x": "m", "y": "m"}
BLANK = Answer((), (), (), (), None, b"", False)
VERSION = ".".join(map(str, __import__("sys").version_info[:3]))


class Node:
    """A fake node: it notes what it is asked, and answers what it is given, when it is."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answers: SimpleQueue[Answer | Exception] = SimpleQueue()
        self.stuck = Event()
        self.stuck.set()

    def hello(self) -> bytes:
        return pickle.dumps(Hello("vm", VERSION, ""))

    def exchange(self, request: bytes) -> bytes:
        self.requests.append(pickle.loads(request))
        self.stuck.wait()
        answer = BLANK if self.answers.empty() else self.answers.get()
        if isinstance(answer, Exception):
            raise answer
        return pickle.dumps(answer)

    def close(self) -> None:
        self.stuck.set()

    @property
    def wishes(self) -> list:
        """All that it was ever asked to do."""
        return [wish for request in self.requests for wish in request.wishes]


class Cluster:
    """A fake cluster; of its nodes `processors` are known."""

    def __init__(self, *processors: float) -> None:
        self.nodes = {f"node {n}": Node() for n in range(len(processors))}
        self.places = [Place(*each) for each in zip(self.nodes, processors, strict=True)]
        self.why = ""

    def join(self):
        return self.places

    def open(self, place, parcel):
        return self.nodes[place.name]

    def amiss(self):
        return self.why

    def close(self) -> None:
        for node in self.nodes.values():
            node.close()


class Window:
    """The publisher, with the window's end of its channel and a clock that the test holds."""

    def __init__(self, *processors: float, slots: int = 6) -> None:
        self.now = 100.0
        ends = multiprocessing.Pipe()
        self.ends = ends
        self.channel, theirs = map(Channel, ends)
        self.table = Table(HERE, FIELDS, slots, remote=True)
        self.cluster = Cluster(*processors)
        self.nodes = list(self.cluster.nodes.values())
        job = Job("swarm", FIELDS, (Behaviour("jump"),), 1, 10.0, 0)
        self.told: list = []
        self.publisher = Publisher(theirs, self.table, job, self.cluster, clock=lambda: self.now)
        self.until(lambda: self.heard(Joined))

    def turn(self, seconds: float = 0.05) -> None:
        self.now += seconds
        self.publisher.turn(0.002)
        self.told += self.channel.receive()

    def until(self, state) -> None:
        def turned():
            self.turn()
            return state()

        until(turned)

    def heard(self, kind) -> list:
        return [message for message in self.told if isinstance(message, kind)]

    def start(self, *slots: int) -> None:
        for slot in slots:
            self.table.open(slot, 1)
            self.channel.send(messages.Start(slot, 0, f"Robot {slot}"))
        self.until(lambda: len(self.begun()) >= len(slots))

    def begun(self) -> list[Begin]:
        return [w for node in self.nodes for w in node.wishes if isinstance(w, Begin)]

    def row(self, slot: int, updates: int, x: float, state: State = State.RUNNING) -> Row:
        cells = array("q", [0] * ROW)
        cells[UPDATES], cells[STATE], cells[PID] = updates, state, 4711
        return Row(slot, cells.tobytes(), array("d", [x, 0.0]).tobytes())


@pytest.fixture
def window(request) -> Iterator[Window]:
    made = Window(*getattr(request, "param", (1.0, 1.0)))
    yield made
    made.cluster.close()
    for end in made.ends:
        end.close()


class TestPlacement:
    def test_evenly(self, window: Window):
        window.start(0, 1, 2, 3)
        assert [sorted(w.slot for w in node.wishes) for node in window.nodes] == [[0, 2], [1, 3]]

    @pytest.mark.parametrize("window", [(3.0, 1.0)], indirect=True)
    def test_by_processors(self, window: Window):
        window.start(0, 1, 2, 3)
        assert [len(node.wishes) for node in window.nodes] == [3, 1]

    def test_where_somebody_left_the_next_one_comes(self, window: Window):
        window.start(0, 1, 2, 3)
        window.nodes[1].answers.put(BLANK._replace(reports=(messages.Ended(3, 0),)))
        window.until(lambda: window.heard(messages.Ended))
        window.table.clear(3)
        window.start(4)
        window.until(lambda: any(w.slot == 4 for w in window.nodes[1].wishes))

    def test_its_row_tells_which_process_it_is_here_and_there(self, window: Window):
        window.table.open(0, 1)
        window.table.clear(0)
        window.start(0)
        assert [begin.row_generation for begin in window.begun()] == [2]

    def test_taken_back_before_it_was_given_away(self):
        window = Window(1.0)
        window.publisher._joined = False
        window.table.open(0, 1)
        window.channel.send(messages.Start(0, 0, "Robot 0"))
        window.channel.send(messages.Withdraw(0))
        window.until(lambda: window.heard(messages.Withdrawn))
        assert not window.begun()


class TestRows:
    def test_a_row_is_published_whole_with_its_age(self, window: Window):
        window.start(0)
        window.nodes[0].answers.put(BLANK._replace(rows=(window.row(0, 7, 1.5),)))
        window.until(lambda: window.table.row(0)[UPDATES] == 7)
        row = window.table.row(0)
        assert window.table.slice(0).tolist() == [1.5, 0.0]
        assert (row[STATE], row[PID], row[SEQUENCE] % 2) == (State.RUNNING, 4711, 0)
        assert 0 < window.now - window.table.origins.moments[0] < 1

    def test_nobody_writes_a_slot_that_he_does_not_hold(self, window: Window):
        window.start(0, 1)
        before = window.table.row(1).tolist()
        answer = BLANK._replace(
            rows=(window.row(1, 9, 9.0), window.row(5, 9, 9.0)),
            notes=((1, b"mine"), (5, b"mine")),
            look=(5, bytes(64 * 8)),
        )
        window.nodes[0].answers.put(answer)
        asked = len(window.nodes[0].requests)
        window.until(lambda: len(window.nodes[0].requests) > asked + 2)
        assert window.table.row(1).tolist() == before
        assert window.table.row(5)[UPDATES] == 0
        assert window.table.note(5) == window.table.note(1) == ("", "")

    def test_behind_its_end_a_slot_is_the_windows(self, window: Window):
        window.start(0)
        last = window.row(0, 7, 1.5, State.DONE)
        window.nodes[0].answers.put(
            BLANK._replace(rows=(last,), notes=((0, b"bye\n"),), reports=(messages.Ended(0, 0),))
        )
        window.nodes[0].answers.put(BLANK._replace(rows=(window.row(0, 8, 2.5),)))
        asked = len(window.nodes[0].requests)
        window.until(lambda: len(window.nodes[0].requests) > asked + 3)
        assert window.table.slice(0).tolist() == [1.5, 0.0], "what came with its end was taken"
        assert window.table.note(0) == ("bye", "")

    def test_a_slow_node_gets_one_question_at_a_time_and_the_others_theirs(self, window: Window):
        window.nodes[0].stuck.clear()
        asked = [len(node.requests) for node in window.nodes]
        for _ in range(10):
            window.turn()
        assert len(window.nodes[0].requests) <= asked[0] + 1
        window.until(lambda: len(window.nodes[1].requests) > asked[1] + 3)

    def test_those_who_ask_get_the_rows_of_the_others_and_nobody_else_does(self, window: Window):
        window.start(0, 1)
        window.nodes[0].answers.put(BLANK._replace(rows=(window.row(0, 7, 1.5),)))
        window.nodes[1].answers.put(BLANK._replace(asks=True))

        def told() -> dict[int, Row]:
            return {row.slot: row for r in window.nodes[1].requests for row in r.rows}

        window.until(lambda: 0 in told() and array("q", told()[0].cells)[UPDATES] == 7)
        rows = told()
        assert array("d", rows[0].values).tolist() == [1.5, 0.0]
        assert 0 < rows[0].age < 5
        assert 1 not in rows, "its own"
        assert not any(r.rows for r in window.nodes[0].requests)

    def test_a_node_is_asked_as_often_as_its_movers_publish_and_not_much_more(self, window: Window):
        tick = window.publisher._holdings
        assert tick.tick == pytest.approx(0.05), "10 Hz"
        window.table.set_pace(2.0)
        assert tick.tick == pytest.approx(0.025)
        window.table.set_pace(64.0)
        assert tick.tick == pytest.approx(1 / 60)
        window.table.set_pace(0.0)
        assert tick.tick == pytest.approx(0.05)


class TestLost:
    def test_it_does_not_answer(self, window: Window):
        window.start(0, 1)
        window.until(lambda: window.publisher.sites[1].patience < SILENT + 0.1)
        window.nodes[1].stuck.clear()
        window.until(lambda: window.publisher.sites[1].asked)
        began = window.now
        window.until(lambda: window.heard(Parted))
        (parted,) = window.heard(Parted)
        assert parted.slots == (1,)
        assert parted.name == "node 1"
        assert parted.why.startswith("no answer for ")
        assert window.now - began < 2.0
        assert window.table.note(1) == ("lost with node 1", "")

    def test_what_it_says_later_counts_no_more(self, window: Window):
        window.start(0, 1)
        window.nodes[1].stuck.clear()
        window.until(lambda: window.heard(Parted))
        window.table.open(1, 1)
        window.channel.send(messages.Start(1, 1, "Robot 1"))
        window.until(lambda: any(w.slot == 1 for w in window.nodes[0].wishes))
        late = BLANK._replace(rows=(window.row(1, 9, 9.0),), reports=(messages.Ended(1, 0),))
        window.nodes[1].answers.put(late)
        window.nodes[1].stuck.set()
        until(lambda: window.nodes[1].answers.empty())
        for _ in range(5):
            window.turn()
        assert window.table.row(1)[UPDATES] == 0
        assert not window.heard(messages.Ended)

    def test_it_says_why(self, window: Window):
        window.start(0, 1)
        window.nodes[0].answers.put(RuntimeError("its program ended with exit code 1: Oh"))
        window.until(lambda: window.heard(Parted))
        assert window.heard(Parted) == [
            Parted((0,), "node 0", "its program ended with exit code 1: Oh")
        ]

    def test_no_other_is_left(self, window: Window):
        for node in window.nodes:
            node.answers.put(RuntimeError("gone"))
        window.until(lambda: len(window.heard(Parted)) == 2)
        window.table.open(0, 1)
        window.channel.send(messages.Start(0, 0, "Robot 0"))
        window.until(lambda: window.heard(messages.Refused))
        (refused,) = window.heard(messages.Refused)
        assert refused.slots == (0,)
        assert refused.why.startswith("no node of the cluster is left: node ")

    def test_who_was_held_up_himself_blames_nobody(self, window: Window):
        window.nodes[1].stuck.clear()
        window.until(lambda: window.publisher.sites[1].asked)
        window.turn(SILENT + 1.0)
        window.turn()
        assert not window.heard(Parted)

    def test_a_busy_node_is_given_more_time(self, window: Window):
        site = window.publisher.sites[0]
        assert site.patience < SILENT + 0.1
        site.asked = 10.0
        site.hear(10.8)
        assert site.patience == pytest.approx(4.0)
        for _ in range(2000):
            site.asked = 10.0
            site.hear(10.01)
        assert site.patience == SILENT
        site.ask(Request(b"", b"", 0.0, tuple(Begin(n, 0, "", 1, 1) for n in range(250))), 10.0)
        assert site.patience > 5.0
        site.asked = 0.0
        site.hear(60.0)
        assert site.patience == LONGEST

    def test_the_head_is_gone(self, window: Window):
        window.start(0, 1)
        window.cluster.why = "its head is gone"
        window.until(lambda: window.heard(Gone))
        assert [p.name for p in window.heard(Parted)] == ["the cluster"]
        assert sorted(window.heard(Parted)[0].slots) == [0, 1]


class TestWords:
    def test_a_python_or_a_numpy_of_another_kind_is_a_line(self):
        assert mismatch(hello(), crowds=True) == ""
        assert mismatch(Hello("vm", VERSION, "")) == ""
        assert mismatch(Hello("vm", "3.9.2", "")).startswith("runs Python 3.9.2, here it is 3.")
        assert mismatch(Hello("vm", VERSION, ""), crowds=True).startswith(
            "has no numpy, here it is "
        )

    def test_whose_trouble_it_is(self, window: Window):
        window.start(0)
        trouble = Trouble("the nursery", "died")
        refused = messages.Refused((0,), "no room")
        window.nodes[0].answers.put(BLANK._replace(reports=(trouble, refused)))
        window.until(lambda: window.heard(messages.Refused))
        assert window.heard(Trouble) == [Trouble("the nursery of node 0", "died")]
        assert window.heard(messages.Refused)[0].why == "node 0: no room"

    def test_an_error_in_a_line(self):
        assert in_a_line(ValueError("Traceback:\n  File x\n\nValueError: no\n====")) == (
            "ValueError: no"
        )
        assert in_a_line(KeyError()) == "KeyError"
