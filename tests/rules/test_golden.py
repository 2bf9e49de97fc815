"""The golden pages: whatever the chain says of a small town is what stands in ``tests/rules/golden``, to the letter.

After a change that is meant: ``python -m tests.rules.golden_pages``, and read the difference.
"""

from itertools import zip_longest

import pytest

from tests.rules.golden_pages import PAGES, STORIES, pack_texts, text_of, town
from tests.rules.golden_story import Story, told
from tests.rules.score import Play


def first_difference(came: str, kept: str) -> str:
    """The first line in which two pages differ; '' where they are the same. (A page is too long for pytest to compare.)"""
    pairs = zip_longest(came.splitlines(), kept.splitlines(), fillvalue="nothing")
    different = ((number, one, other) for number, (one, other) in enumerate(pairs, 1) if one != other)
    return next((f"line {number}\n  is:   {one}\n  kept: {other}" for number, one, other in different), "")


@pytest.mark.parametrize("name", PAGES)
def test_what_is_said_is_what_is_kept(name: str) -> None:
    assert first_difference(PAGES[name](), text_of(name)) == ""


@pytest.mark.parametrize("name", [name for name in STORIES if name != "days"])  # its days are too long for that
def test_a_story_goes_on_the_same_from_its_snapshot_at_every_row(name: str) -> None:
    play = Play(town(), is_restored_each_step=True)
    story = Story(play, pack_texts())
    kept = text_of(f"{name}.txt").split("\n\n", 1)[1]
    assert first_difference(told(story, text_of(f"{name}.story")), kept) == ""
