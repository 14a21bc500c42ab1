"""Fixtures for a conftest to import: one server for each worker of pytest-xdist, made new for each test."""

from collections.abc import Iterator

import pytest

from tests.fake_api.client import FakeApi


@pytest.fixture(scope="session")
def fake_api_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeApi]:
    with FakeApi(tmp_path_factory.mktemp("fake-api")) as api:
        yield api


@pytest.fixture
def fake_api(fake_api_process: FakeApi) -> FakeApi:
    """A fake OpenAI Images API over real sockets, with an empty bill and no faults."""
    fake_api_process.reset()
    return fake_api_process
