"""What bodies that arrive at once hold together is bounded, and none waits for another."""

from contextlib import ExitStack

from imgcli.providers.openai.flow import LEAST, MOST, SUM, Flow


def test_many_bodies_hold_no_more_than_a_few() -> None:
    flow = Flow()
    assert flow.block == MOST
    with ExitStack() as bodies:
        for _ in range(64):
            bodies.enter_context(flow.body())
        assert flow.block == SUM // 64
        for _ in range(1000):
            bodies.enter_context(flow.body())
        assert flow.block == LEAST
    assert flow.block == MOST
