"""--cluster on the command line: what it may be, and every refusal in a line."""

import argparse
import importlib.util
import socket

import pytest

from game.arguments import parse
from game.cluster.where import Where, check_ray, where
from game.options import settle


@pytest.fixture(autouse=True)
def _there_is_ray(monkeypatch):
    monkeypatch.setattr("game.cluster.where.check_ray", lambda: None)


def cluster(*arguments: str) -> Where | None:
    given, scene = parse(arguments)
    assert scene is not None
    return settle(given, scene).cluster


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("local", Where(True, 2, "")),
        ("local:4", Where(True, 4, "")),
        ("auto", Where(False, 0, "auto")),
        ("10.0.0.1:6379", Where(False, 0, "10.0.0.1:6379")),
        ("ray://head:10001", Where(False, 0, "ray://head:10001")),
    ],
)
def test_what_it_may_be(text: str, place: Where):
    assert where(text) == place


@pytest.mark.parametrize("text", ["", "local:", "local:0", "local:99", "head", "a:b", "x y:1"])
def test_what_it_may_not_be(text: str):
    with pytest.raises(argparse.ArgumentTypeError, match=r"cluster"):
        where(text)


def test_without_it_there_is_none():
    assert cluster("swarm") is None
    assert cluster("swarm", "--cluster", "local") == Where(True, 2, "")
    assert cluster("race", "--cluster", "local:3") == Where(True, 3, "")


@pytest.mark.parametrize(
    "words", [["--lockstep"], ["--debug"], ["--log", "logs"], ["--rounds", "2", "--laps", "1"]]
)
def test_what_cannot_hold_there_is_refused_by_its_name(words: list[str], tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=f"^{words[0]}: with --cluster "):
        cluster("race", "--cluster", "local", *words)


@pytest.mark.parametrize("scene", ["road", "tally"])
def test_a_scene_that_shares_more_than_the_array_is_refused(scene: str):
    with pytest.raises(ValueError, match=f"^--cluster: the processes of {scene} share memory"):
        cluster(scene, "--cluster", "local")


def test_an_address_that_nobody_answers_is_a_line():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        address = "{}:{}".format(*taken.getsockname())
        with pytest.raises(ValueError, match=f"^--cluster: nobody answers at {address} \\("):
            cluster("swarm", "--cluster", address)


def test_without_ray_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match=r"pip install 'array-arena\[cluster\]'"):
        check_ray()
