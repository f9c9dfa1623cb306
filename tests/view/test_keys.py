"""A key is known by what was typed, else by its place: events as they come from several layouts."""

# ruff: noqa: RUF001  letters of other scripts are what this is about
import pygame
import pytest

from game.view.keys import PLACES, Key, KeyTable

OWN = (Key(";", "longer", "", ";", (pygame.K_SEMICOLON,)), Key("S", "next_sync", "", "sS"))
TABLE = KeyTable(OWN)


def action(typed: str, code: int, place: str) -> str | None:
    """What a key does: it types `typed`, has a code, and lies where a US keyboard has `place`."""
    event = pygame.event.Event(
        pygame.KEYDOWN,
        {"unicode": typed, "key": code, "scancode": getattr(pygame, f"KSCAN_{place}"), "mod": 0},
    )
    key = TABLE.pressed(event)
    return key.action if key else None


@pytest.mark.parametrize(
    ("layout", "typed", "place", "does"),
    [
        ("us", "k", "K", "kill"),
        ("ru", "л", "K", "kill"),
        ("ru, Shift", "Л", "K", "kill"),
        ("ru", "а", "F", "freeze"),
        ("ru", "х", "LEFTBRACKET", "slower"),
        ("ru", "ъ", "RIGHTBRACKET", "faster"),
        ("ru", "ю", "PERIOD", "step"),
        ("ru", "ж", "SEMICOLON", "longer"),
        ("ru", "ы", "S", "next_sync"),
        ("ru", ".", "SLASH", "step"),  # what was typed wins
        ("el", "κ", "K", "kill"),
        ("el", "φ", "F", "freeze"),
        ("el", ";", "Q", "longer"),
        ("el", "ς", "W", None),
        ("he", "ל", "K", "kill"),
        ("ar", "ن", "K", "kill"),
        ("th", "า", "K", "kill"),
        ("fa", "۰", "0", "fit"),
        ("de", "z", "Y", None),
        ("de", "+", "RIGHTBRACKET", "add"),
        ("de", "ü", "LEFTBRACKET", None),
        ("de", "ß", "MINUS", None),
        ("de", "ö", "SEMICOLON", None),
        ("fr", "a", "Q", None),
        ("fr", "m", "SEMICOLON", "record"),
        ("fr", ",", "M", None),
        ("fr", "j", "J", "follow_selected"),
        ("dvorak", "t", "K", "trails"),  # there the letters have moved, and count
        ("dvorak", "k", "V", "kill"),
    ],
)
def test_what_was_typed_counts_else_the_place(layout: str, typed: str, place: str, does: str):
    assert action(typed, ord(typed), place) == does


@pytest.mark.parametrize(("typed", "code"), [("", 0x43B), ("\x0b", 0x43B), ("л", 0)])
def test_a_place_counts_where_only_the_code_or_only_the_text_tells_of_the_script(typed, code):
    assert action(typed, code, "K") == "kill"


@pytest.mark.parametrize("code", [pygame.K_LSHIFT, pygame.K_F2, pygame.K_HOME, 0])
def test_keys_that_stand_for_no_character_have_no_place(code: int):
    assert action("", code, "K") is None


def test_an_event_without_a_place_is_none_of_them():
    event = pygame.event.Event(pygame.KEYDOWN, {"unicode": "л", "key": 0x43B})
    assert TABLE.pressed(event) is None


def test_every_place_types_something_else():
    assert len(set(PLACES.values())) == len(PLACES) == 26 + 10 + 7
