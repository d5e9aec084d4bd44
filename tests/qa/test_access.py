import pytest

from qa.web.access import Access

OURS = {"x-folio": "1", "host": "127.0.0.1:7860", "origin": "http://127.0.0.1:7860"}


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        (OURS, True),
        (OURS | {"host": "localhost:7860", "origin": "http://localhost:7860"}, True),
        ({"x-folio": "1", "host": "[::1]:7860"}, True),
        ({"host": "127.0.0.1:7860"}, False),
        (OURS | {"origin": "http://evil.example"}, False),
        (OURS | {"origin": "null"}, False),
        # A name that was made to point at this machine.
        (OURS | {"host": "evil.example:7860", "origin": "http://evil.example:7860"}, False),
        ({"x-folio": "1"}, False),
    ],
)
def test_only_our_own_page_at_this_machine_changes_the_library(
    headers: dict[str, str], allowed: bool
) -> None:
    assert Access(may_change=True).may_write(headers) is allowed
    assert not Access(may_change=False).may_write(headers)
