"""One writer: who may take over and when, and that a sleeper who wakes writes nothing."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from handlers.faults import LeaseHeld, LeaseLost
from handlers.store import Store
from handlers.views import Views

HOLDER = """
import sys
from handlers.store import Store
store = Store(sys.argv[1])
print(store.take_lease("first", now=0, ttl_s=3600), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def second(store: Store, store_url: str) -> Iterator[Store]:
    """Another process's store; the first one has made the tables."""
    made = Store(store_url)
    yield made
    made.close()


def test_a_second_holder_is_told_who_writes_and_how_long(store: Store, second: Store) -> None:
    store.take_lease("desk-1", now=1000, ttl_s=6)
    with pytest.raises(LeaseHeld, match=r"written by 'desk-1' \(epoch 1\), whose lease runs 4\.0 s more; 'desk-2' cannot write"):
        second.take_lease("desk-2", now=3000, ttl_s=6)


def test_a_renewed_lease_is_not_taken_over(store: Store, second: Store) -> None:
    epoch = store.take_lease("desk-1", now=0, ttl_s=6)
    store.renew_lease(epoch, now=5000, ttl_s=6)
    with pytest.raises(LeaseHeld):
        second.take_lease("desk-2", now=10_999, ttl_s=6)
    assert second.take_lease("desk-2", now=11_000, ttl_s=6) == epoch + 1


def test_a_sleeper_who_wakes_after_a_takeover_writes_nothing(store: Store, second: Store, store_url: str) -> None:
    old = store.take_lease("desk-1", now=0, ttl_s=6)
    new = second.take_lease("desk-2", now=6000, ttl_s=6)
    with second.transaction(new) as unit:
        unit.set_applied(10, now=7000)
    with pytest.raises(LeaseLost, match=r"\(epoch 1\) was taken over by 'desk-2' \(epoch 2\)"), store.transaction(old) as unit:
        unit.set_applied(11, now=36_000)
    with pytest.raises(LeaseLost):
        store.renew_lease(old, now=36_000, ttl_s=6)
    store.release_lease(old)  # not ours any more: nothing happens
    views = Views(store_url)
    assert (views.progress().applied_position, views.progress().epoch, views.progress().holder) == (10, new, "desk-2")
    views.close()


def test_a_takeover_in_the_middle_of_a_batch_waits_for_it_or_makes_it_fail(store: Store, second: Store) -> None:
    old = store.take_lease("desk-1", now=0, ttl_s=6)
    with store.transaction(old) as unit:
        unit.set_applied(3, now=1)
    new = second.take_lease("desk-2", now=6000, ttl_s=6)
    assert second.applied_position() == 3
    with pytest.raises(LeaseLost), store.transaction(old):
        pass
    with second.transaction(new) as unit:
        unit.set_applied(4, now=2)


def test_a_released_lease_can_be_taken_at_once(store: Store, second: Store) -> None:
    store.release_lease(store.take_lease("desk-1", now=0, ttl_s=3600))
    assert second.take_lease("desk-2", now=1, ttl_s=6) == 2


def test_after_a_kill_the_next_one_need_not_wait_but_beside_a_paused_one_it_must(store: Store, store_url: str) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, store_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline().strip() == "1"
        holder.send_signal(signal.SIGSTOP)
        with pytest.raises(LeaseHeld, match="'first'"):
            store.take_lease("second", now=1000, ttl_s=6)
        holder.kill()
        holder.wait()
        assert _taken_soon(store) == 2
    finally:
        holder.kill()
        holder.wait()
        holder.stdin.close()
        holder.stdout.close()


def _taken_soon(store: Store) -> int:
    """PostgreSQL notices a dead client when its socket closes: a moment after the kill."""
    for _ in range(1000):
        try:
            return store.take_lease("second", now=1000, ttl_s=6)
        except LeaseHeld:
            continue
    raise AssertionError("the lease of a killed process was never free")
