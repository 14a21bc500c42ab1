import asyncio

import pytest

from imgcli.measure.expect import measure
from imgcli.measure.workers import FEW, Workers
from tests.fakes.canvases import patches, png


def test_threads_and_processes_measure_the_same_and_tell_the_same_faults() -> None:
    async def story() -> None:
        workers = Workers(at_once=1)
        try:
            data = [png(patches(seed)) for seed in range(FEW + 2)]
            found = await asyncio.gather(*(workers.measure(each) for each in data))
            assert found == [measure(each) for each in data]
            with pytest.raises(ValueError, match="cannot be measured"):
                await workers.measure(b"no picture")
        finally:
            workers.close()

    asyncio.run(story())


def test_a_pool_that_was_killed_is_done_without() -> None:
    async def story() -> None:
        workers = Workers(at_once=1)
        try:
            for _ in range(FEW + 1):
                await workers.measure(png(patches(1)))
            assert workers._pool is not None
            for process in list(workers._pool._processes.values()):
                process.kill()
                process.join()
            assert await workers.measure(png(patches(2))) == measure(png(patches(2)))
        finally:
            workers.close()

    asyncio.run(story())
