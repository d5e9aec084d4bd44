import pytest

from tests.qa.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()
