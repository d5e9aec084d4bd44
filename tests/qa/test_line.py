import asyncio
from concurrent.futures import ThreadPoolExecutor

from qa.web.line import Line


def test_who_comes_first_is_served_first_and_who_waits_knows_how_many_are_before() -> None:
    async def story() -> None:
        line = Line(at_once=2, waiting=2)
        first, second, third, fourth = (line.join() for _ in range(4))
        assert [t.before() for t in (first, second, third, fourth)] == [0, 0, 1, 2]
        waiting = asyncio.create_task(third.moved())
        second.leave()
        await asyncio.wait_for(waiting, 1)
        assert [t.before() for t in (first, third, fourth)] == [0, 0, 1]
        fourth.leave()
        assert line.join().before() == 1

    # A thread of its own: the browser tests leave a loop running in the first one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(story())).result()


def test_no_place_is_kept_where_as_many_wait_as_may_and_none_for_who_does_not_come() -> None:
    now = [0.0]
    line = Line(at_once=1, waiting=2, clock=lambda: now[0])
    answered, waiting = line.join(), line.join()
    on_the_way = line.expect()
    assert on_the_way is not None
    assert line.expect() is None
    line.came(on_the_way)
    third = line.join()
    assert line.expect() is None
    for ticket in (answered, waiting, third):
        ticket.leave()
    assert [line.expect() is None for _ in range(4)] == [False, False, False, True]
    now[0] = 11.0
    assert line.expect() is not None
