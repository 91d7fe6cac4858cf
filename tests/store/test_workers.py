"""The pool of workers, with real processes: who dies, who is blamed, and that nobody else notices."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import pytest

from campuskg.errors import InternalFault, Lang, MissingInput, ProblemsFound
from campuskg.store.answer import AnswerTooBig
from campuskg.store.workers import Pool, PoolBusy, PoolLimits, QueryTimedOut, QueryTooBig, WorkerLost
from campuskg.store.workers.limits import COLD
from store.misbehaving import PROBLEMS

LIMITS = PoolLimits(
    timeout=1.0, memory_mib=64, fast_workers=2, slow_workers=1, parked=2, queue=4, queue_wait=2.0, answer_bytes=1 << 16
)
Test = Callable[[], Coroutine[Any, Any, None]]


@asynccontextmanager
async def pool_of(limits: PoolLimits = LIMITS, loader: str = "load") -> AsyncIterator[Pool]:
    pool = Pool(f"store.misbehaving:{loader}", {}, limits)
    await pool.start()
    try:
        yield pool
    finally:
        await pool.stop()


def gone(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


async def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        await asyncio.sleep(0.02)


async def pid(pool: Pool) -> int:
    return int((await pool.run({"do": "pid"})).meta["did"])


def everybody(pool: Pool) -> list[int]:
    return [*pool.pids["nursery"], *pool.pids["workers"]]


def test_answers_and_errors_come_back() -> None:
    async def run() -> None:
        async with pool_of() as pool:
            assert (await pool.run({"do": "echo", "say": "é" * 70_000})).meta == {"did": "é" * 70_000}
            assert (await pool.run({"do": "big", "size": 1 << 16})).body == b"x" * (1 << 16)
            with pytest.raises(AnswerTooBig, match="65536"):
                await pool.run({"do": "big", "size": (1 << 16) + 1})
            with pytest.raises(InternalFault, match="ZeroDivisionError"):
                await pool.run({"do": "raise"})
            assert (await pool.run({"do": "thread"})).meta == {"did": "thread"}

    asyncio.run(run())


@pytest.mark.parametrize("deed", ["socket", "unix", "read", "write", "exec", "fork", "kill", "service"])
def test_a_worker_reaches_nothing(deed: str, tmp_path: Path) -> None:
    async def run() -> None:
        came: list[object] = []
        server = await asyncio.start_server(lambda reader, writer: came.append((reader, writer)), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        query = f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
        async with pool_of() as pool, server:
            task = {"do": deed, "path": str(tmp_path / "x"), "pid": os.getpid(), "query": query}
            assert "refused" in (await pool.run(task)).meta
            await asyncio.sleep(0.05)
        assert came == []

    asyncio.run(run())
    assert list(tmp_path.iterdir()) == []


def test_the_time_limit_is_kept_and_named() -> None:
    async def run() -> None:
        async with pool_of() as pool:
            for deed in ("sleep", "spin"):
                start = time.monotonic()
                with pytest.raises(QueryTimedOut, match=r"after 0\.3 s"):
                    await pool.run({"do": deed, "seconds": 30}, timeout=0.3)
                assert time.monotonic() - start < 1.3
            assert (await pool.run({"do": "echo", "say": 1})).meta == {"did": 1}

    asyncio.run(run())


def test_too_much_memory_is_the_querys_fault_and_leaves_nothing() -> None:
    async def run() -> None:
        async with pool_of() as pool:
            before = await pid(pool)
            with pytest.raises(QueryTooBig, match="64 MiB"):
                await pool.run({"do": "hold", "mib": 200})
            assert (await pool.run({"do": "hold", "mib": 50})).meta == {"did": 50 << 20}
            await until(lambda: len(pool.pids["workers"]) == 2)
            assert {await pid(pool) for _ in range(4)}.isdisjoint({before})

    asyncio.run(run())


def test_cancelling_kills_the_worker() -> None:
    async def run() -> None:
        async with pool_of() as pool:
            await until(lambda: len(pool.pids["workers"]) == 2)
            before = set(pool.pids["workers"])
            task = asyncio.create_task(pool.run({"do": "spin", "seconds": 30}))
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await until(lambda: any(gone(p) for p in before) and len(pool.pids["workers"]) == 2)
            assert pool.load == {"waiting": 0, "working": 0, "slow": 0, "parked": 0}

    asyncio.run(run())


def test_a_killed_worker_loses_its_own_query_only() -> None:
    async def run() -> None:
        async with pool_of() as pool:
            victim = await pid(pool)
            busy = asyncio.create_task(pool.run({"do": "sleep", "seconds": 0.8}))
            other = asyncio.create_task(pool.run({"do": "sleep", "seconds": 0.8}))
            await asyncio.sleep(0.1)
            os.kill(victim, signal.SIGKILL)
            ends = await asyncio.gather(busy, other, return_exceptions=True)
            assert sorted(type(end).__name__ for end in ends) == ["Reply", "WorkerLost"]
            await until(lambda: len(pool.pids["workers"]) == 2)

    asyncio.run(run())


def test_an_idle_worker_that_dies_is_replaced() -> None:
    async def run() -> None:
        async with pool_of() as pool:
            await pid(pool)
            await until(lambda: len(pool.pids["workers"]) == 2)
            for victim in pool.pids["workers"]:
                os.kill(victim, signal.SIGKILL)
            ends = await asyncio.gather(*(pid(pool) for _ in range(4)))  # sent to the dead: tried again once
            assert len(ends) == 4

    asyncio.run(run())


def test_a_killed_nursery_loses_nothing() -> None:
    async def run() -> None:
        async with pool_of() as pool:
            old = everybody(pool)
            under_way = [asyncio.create_task(pool.run({"do": "sleep", "seconds": 0.4}, timeout=20)) for _ in range(4)]
            await asyncio.sleep(0.1)
            os.kill(pool.pids["nursery"][0], signal.SIGKILL)
            for reply in await asyncio.gather(*under_way):
                assert reply.meta == {"did": None}
            await until(lambda: all(gone(p) for p in old))
            assert pool.pids["nursery"] != old[:1]

    asyncio.run(run())


def test_nothing_is_left_when_the_main_process_is_killed(root: Path) -> None:
    program = """
import asyncio
from campuskg.store.workers import Pool
async def main():
    pool = Pool("store.misbehaving:load", {})
    await pool.start()
    asyncio.create_task(pool.run({"do": "spin", "seconds": 60}))
    while len(pool.pids["workers"]) < 2:
        await asyncio.sleep(0.01)
    print(*pool.pids["nursery"], *pool.pids["workers"], flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""
    path = os.pathsep.join([str(root / "src"), str(root / "tests")])
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}
    ) as main:
        assert main.stdout is not None
        pids = [int(word) for word in main.stdout.readline().split()]
        assert len(pids) > 2
        main.kill()
    asyncio.run(until(lambda: all(gone(p) for p in pids)))


@pytest.mark.parametrize(
    ("loader", "error"),
    [("fail", MissingInput), ("crash", InternalFault), ("nowhere", InternalFault), ("threaded", InternalFault)],
)
def test_a_loader_that_fails_is_said(loader: str, error: type[Exception]) -> None:
    async def run() -> None:
        async with pool_of(loader=loader):
            pass

    with pytest.raises(error, match={"fail": "nowhere", "crash": "soon", "nowhere": "nowhere", "threaded": "threads"}[loader]):
        asyncio.run(run())


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_problems_found_while_loading_come_with_their_words(lang: Lang) -> None:
    async def run() -> None:
        async with pool_of(loader="find_problems"):
            pass

    with pytest.raises(ProblemsFound) as found:
        asyncio.run(run())
    assert found.value.say(lang) == PROBLEMS.say(lang)
    assert "a.yaml:7" in found.value.say(lang)


def test_tasks_wait_for_the_stage_that_they_need_and_get_workers_of_it() -> None:
    async def run() -> None:
        async with pool_of(loader="prepare") as pool:
            cold = pool.run({"do": "steps"}, needs=COLD)
            busy = asyncio.create_task(pool.run({"do": "sleep", "seconds": 0.8}, timeout=5, needs=COLD))
            assert (await cold).meta["did"] == 0
            assert (await pool.run({"do": "steps"}, needs=1)).meta["did"] == 1
            assert (await pool.run({"do": "steps"})).meta["did"] == 2
            await busy
            await until(lambda: len(pool.pids["workers"]) == 2)
            assert {(await pool.run({"do": "steps"}, needs=COLD)).meta["did"] for _ in range(10)} == {2}
            os.kill(pool.pids["nursery"][0], signal.SIGKILL)
            await asyncio.sleep(0.05)
            assert (await pool.run({"do": "steps"})).meta["did"] == 2

    asyncio.run(run())


def test_preparations_that_fail_are_said_and_what_needs_less_goes_on() -> None:
    async def run() -> None:
        async with pool_of(loader="prepare_badly") as pool:
            with pytest.raises(ProblemsFound, match=r"a\.yaml:7"):
                await pool.warm()
            with pytest.raises(ProblemsFound):
                await pool.run({"do": "steps"})
            assert (await pool.run({"do": "echo", "say": 1}, needs=1)).meta == {"did": 1}

    asyncio.run(run())


def test_stopping_before_all_is_prepared_ends_those_who_wait() -> None:
    async def run() -> None:
        async with pool_of(loader="prepare") as pool:
            waiting = asyncio.create_task(pool.run({"do": "steps"}))
            await asyncio.sleep(0.05)
            await pool.stop()
            with pytest.raises(WorkerLost):
                await waiting

    asyncio.run(run())


def test_a_heavy_query_leaves_the_fast_lane_and_good_ones_pass() -> None:
    async def run() -> None:
        async with pool_of(PoolLimits(timeout=3.0, fast_workers=1, slow_workers=1, parked=1)) as pool:
            heavy = [asyncio.create_task(pool.run({"do": "spin", "seconds": 60, "n": n}, client="bad")) for n in range(3)]
            await until(lambda: any(task.done() for task in heavy))
            for number in range(20):
                assert (await pool.run({"do": "echo", "say": number}, client="good")).meta == {"did": number}
            assert pool.load["slow"] == 1
            ends = await asyncio.gather(*heavy, return_exceptions=True)
            assert sorted(type(end).__name__ for end in ends) == ["PoolBusy", "QueryTimedOut", "QueryTimedOut"]
            assert pool.load == {"waiting": 0, "working": 0, "slow": 0, "parked": 0}

    asyncio.run(run())


def test_a_known_heavy_query_never_enters_the_fast_lane_again() -> None:
    async def run() -> None:
        async with pool_of() as pool:
            for key in ("k", ""):
                for _ in range(2):
                    with pytest.raises(QueryTimedOut):
                        await pool.run({"do": "sleep", "seconds": 9}, timeout=0.2, key=key)
                task = asyncio.create_task(pool.run({"do": "sleep", "seconds": 9}, timeout=0.2, key=key))
                await asyncio.sleep(0)
                assert pool.load["slow"] == 1
                with pytest.raises(QueryTimedOut):
                    await task

    asyncio.run(run())


def test_slow_queries_take_turns() -> None:
    async def run() -> None:
        limits = PoolLimits(timeout=8.0, fast_workers=1, slow_workers=1, fast_cpu=0.05, turn=0.1, parked=4)
        async with pool_of(limits) as pool:
            endless = asyncio.create_task(pool.run({"do": "spin", "seconds": 60}, client="bad"))
            await until(lambda: pool.load["slow"] == 1)
            assert (await pool.run({"do": "spin", "seconds": 0.4}, client="good")).meta == {"did": None}
            assert not endless.done()
            endless.cancel()

    asyncio.run(run())


def test_the_line_is_bounded_fair_and_lets_pages_first() -> None:
    async def run() -> None:
        order: list[str] = []

        async def ask(name: str, client: str, lane: Literal["fast", "page"] = "fast") -> None:
            await pool.run({"do": "echo", "say": name}, client=client, lane=lane)
            order.append(name)

        async with pool_of(PoolLimits(fast_workers=1, queue=6, timeout=5.0)) as pool:
            first = asyncio.create_task(pool.run({"do": "sleep", "seconds": 0.3}, client="z"))
            await until(lambda: pool.load["working"] == 1)
            asked = [asyncio.create_task(ask(f"a{n}", client="a")) for n in range(3)]
            asked += [asyncio.create_task(ask(f"b{n}", client="b")) for n in range(2)]
            asked.append(asyncio.create_task(ask("page", client="a", lane="page")))
            await asyncio.sleep(0)
            with pytest.raises(PoolBusy, match="Try again in"):
                await pool.run({"do": "echo", "say": 1}, client="c")
            await asyncio.gather(first, *asked)
            assert order == ["page", "a0", "b0", "a1", "b1", "a2"]

    asyncio.run(run())


def test_waiting_has_its_own_limit() -> None:
    async def run() -> None:
        async with pool_of(PoolLimits(fast_workers=1, timeout=5.0, queue_wait=0.2)) as pool:
            first = asyncio.create_task(pool.run({"do": "sleep", "seconds": 0.6}, client="a"))
            await until(lambda: pool.load["working"] == 1)
            with pytest.raises(PoolBusy):
                await pool.run({"do": "pid"}, client="b")
            await first

    asyncio.run(run())


def test_a_stopped_pool_says_so() -> None:
    async def run() -> None:
        async with pool_of() as pool:
            task = asyncio.create_task(pool.run({"do": "sleep", "seconds": 9}))
            await asyncio.sleep(0.05)
            pids = everybody(pool)
        with pytest.raises(WorkerLost):
            await task
        with pytest.raises(WorkerLost):
            await pool.run({"do": "pid"})
        assert all(gone(p) for p in pids[:1])
        await until(lambda: all(gone(p) for p in pids))

    asyncio.run(run())


def test_the_largest_goes_when_all_hold_too_much() -> None:
    async def run() -> None:
        limits = PoolLimits(timeout=5.0, fast_workers=1, slow_workers=2, total_memory_mib=40, memory_mib=400)
        async with pool_of(limits) as pool:
            with pytest.raises(QueryTooBig):
                await pool.run({"do": "grow", "mib": 80})

    asyncio.run(run())
