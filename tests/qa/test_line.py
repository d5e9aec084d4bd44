import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from qa.web.line import Line, LineFull


def test_who_comes_first_is_served_first_and_who_waits_knows_how_many_are_before() -> None:
    async def story() -> None:
        line = Line(at_once=2, longest=4)
        first, second, third, fourth = (line.join() for _ in range(4))
        assert [t.before() for t in (first, second, third, fourth)] == [0, 0, 1, 2]
        with pytest.raises(LineFull):
            line.join()
        waiting = asyncio.create_task(third.moved())
        second.leave()
        await asyncio.wait_for(waiting, 1)
        assert [t.before() for t in (first, third, fourth)] == [0, 0, 1]
        fourth.leave()
        assert line.join().before() == 1

    # A thread of its own: the browser tests leave a loop running in the first one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(story())).result()
