import asyncio
from contextlib import suppress

from launchpad.backoff import Backoff, end_if_asked


async def test_pauses_double_up_to_the_longest_and_begin_anew_once_something_worked():
    backoff = Backoff(first=0.001, longest=0.003)
    pauses = []
    for _ in range(4):
        pauses.append(backoff.seconds)
        await backoff.wait()
    backoff.worked()
    assert pauses == [0.001, 0.002, 0.003, 0.003]
    assert backoff.seconds == 0.001


async def test_who_was_asked_to_end_does_not_try_again():
    tries = []

    async def work():
        backoff = Backoff(first=0)
        while True:
            tries.append(1)
            with suppress(ConnectionError):
                try:
                    await asyncio.sleep(3600)
                except asyncio.CancelledError:
                    raise ConnectionError from None
            await backoff.wait()

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task], timeout=20)
    assert task.cancelled()
    assert tries == [1]


async def test_a_loop_ends_although_what_it_waits_for_swallows_the_asking():
    rounds = 0

    async def deaf():
        nonlocal rounds
        while True:
            end_if_asked()
            rounds += 1
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(3600)

    task = asyncio.create_task(deaf())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    assert rounds == 1


async def test_a_loop_that_nobody_ends_goes_on():
    end_if_asked()
