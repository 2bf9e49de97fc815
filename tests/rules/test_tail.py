"""How surprising a number is after those before it."""

import random

import pytest

from rules.tail import LESSON_MAX, MEMORY, WARM_COUNT, Tail


def taught(numbers: list[float]) -> Tail:
    tail = Tail(numbers[0])
    for count, number in enumerate(numbers, start=1):
        tail.learn(number, 0.0, min(float(count), MEMORY), 1.0 / count**0.5)
    return tail


def noise(count: int, seed: int = 1) -> list[float]:
    chance = random.Random(seed)
    return [chance.gauss(50.0, 2.0) for _ in range(count)]


def test_the_quantiles_come_to_where_a_tenth_lies_beyond() -> None:
    tail = taught(noise(5000))
    assert tail.high == pytest.approx(50 + 1.28 * 2, abs=0.5)
    assert tail.low == pytest.approx(50 - 1.28 * 2, abs=0.5)
    assert tail.spread == pytest.approx(1.6, abs=0.2)


def test_between_the_quantiles_nothing_surprises() -> None:
    assert taught(noise(1000)).surprise(50.0, 0.0) == 0.0


def test_surprise_grows_with_the_distance_and_its_sign_is_the_side() -> None:
    tail = taught(noise(1000))
    high = [tail.surprise(number, 0.0) for number in (54.0, 56.0, 60.0, 100.0)]
    assert high == sorted(high)
    assert high[0] > 1
    assert tail.surprise(40.0, 0.0) < -1


def test_a_floor_makes_small_differences_small() -> None:
    tail = taught([5.0] * 100)
    assert tail.surprise(5.001, 0.0) > 5
    assert tail.surprise(5.001, 0.1) == tail.surprise(4.999, 0.1) == 0.0
    assert 1 < tail.surprise(5.2, 0.1) < 2


def test_one_wild_number_teaches_little_once_it_is_warm() -> None:
    tail = taught(noise(1000))
    before = tail.dump()
    tail.learn(1e6, 0.0, 1000.0, 0.03)
    after = tail.dump()
    assert abs(after[0] - before[0]) <= LESSON_MAX * before[1] / 999
    assert after[3] - before[3] < before[3]
    tail.learn(-1e6, 0.0, 1000.0, 0.03)
    assert tail.low_excess - after[5] < after[5]


def test_the_first_numbers_teach_as_they_are() -> None:
    tail = taught([1.0, 100.0])
    assert tail.middle == pytest.approx(50.5)
    assert WARM_COUNT > 2


def test_what_is_saved_is_the_same_tail() -> None:
    tail, other = taught(noise(200)), Tail(0.0)
    other.load(tail.dump())
    assert other.dump() == tail.dump()
    assert other.surprise(70.0, 0.1) == tail.surprise(70.0, 0.1)
