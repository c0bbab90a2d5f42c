import time
from concurrent.futures import ThreadPoolExecutor

from tests.moving import GRACE, MovingLoop


class Slow(ThreadPoolExecutor):
    def shutdown(self, *, wait=True):
        time.sleep(4 * GRACE)
        super().shutdown(wait=wait)


def test_the_clock_stands_still_while_threads_end():
    loop = MovingLoop()
    loop.set_default_executor(Slow(1))
    loop.call_later(200, loop.stop)
    loop.run_until_complete(loop.shutdown_default_executor(300))
    assert loop.time() == 0.0
    loop.close()
