"""Chance: repeatable, different for different names, and distributed as it says."""

from statistics import mean, stdev

from simulator.chance import Draws, chance


def test_the_same_name_gives_the_same_numbers_and_another_name_others() -> None:
    def first(*names: str | int) -> list[float]:
        draws = Draws(*names)
        return [draws.unit() for _ in range(70)]  # beyond one block

    assert first(1, "a") == first(1, "a")
    assert first(1, "a") != first(1, "b")
    assert first(1, "a") != first(2, "a")
    assert len(set(first(1, "a"))) > 60
    assert chance(1, "a").random() == chance(1, "a").random() != chance(2, "a").random()


def test_the_numbers_are_distributed_as_they_say() -> None:
    draws = Draws(1, "many")
    units = [draws.unit() for _ in range(20_000)]
    assert 0 <= min(units) < 0.001
    assert 0.999 < max(units) < 1
    assert abs(mean(units) - 0.5) < 0.01
    normals = [draws.normal() for _ in range(20_000)]
    assert abs(mean(normals)) < 0.03
    assert abs(stdev(normals) - 1) < 0.03
    assert max(normals) < 3.8
    assert abs(mean(draws.waiting(5.0) for _ in range(20_000)) - 5) < 0.15
    assert abs(mean(draws.count(2.3) for _ in range(20_000)) - 2.3) < 0.02
    assert {draws.count(2.3) for _ in range(100)} == {2, 3}
    assert 3 <= min(draws.between(3, 4) for _ in range(1000)) < max(draws.between(3, 4) for _ in range(1000)) < 4


def test_neighbours_do_not_move_together() -> None:
    first, second = ([Draws("d", name, turn).normal() for turn in range(3000)] for name in ("a", "b"))
    assert abs(mean(left * right for left, right in zip(first, second, strict=True))) < 0.07
