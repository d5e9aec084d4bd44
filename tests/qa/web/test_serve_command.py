from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import ui
from index.errors import RecordsError
from index.records import Records
from qa.people import users
from qa.web.access import Access

EVERYWHERE = "0.0.0.0"  # noqa: S104


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Access]:
    """Return with what access a server would have been started."""
    found: list[Access] = []

    def serve(library: Any, host: str, port: int, access: Access) -> None:
        found.append(access)
        # While its records are open.
        assert access.door is None or access.door.asks() in (True, False)

    monkeypatch.setattr(ui, "_serve", serve)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "documents").mkdir()
    return tmp_path


def serve(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(ui.folio, ["serve", "--library", str(folder), *options])


def make_user(folder: Path) -> None:
    with Records.open(folder / "records.sqlite") as records:
        users.add(records, "anna", "reader", None)


def test_others_are_let_in_only_with_users_or_when_told_to_ask_nobody(
    folder: Path, started: list[Access]
) -> None:
    refused = serve(folder, "--host", EVERYWHERE)
    assert refused.exit_code == 1
    assert "folio user add" in refused.stderr
    assert "--no-auth" in refused.stderr
    assert started == []
    assert serve(folder, "--host", EVERYWHERE, "--no-auth").exit_code == 0
    make_user(folder)
    assert serve(folder, "--host", EVERYWHERE).exit_code == 0
    assert [access.may_change for access in started] == [False, False]


def test_a_header_that_is_believed_of_nobody_is_a_mistake_of_the_settings(
    folder: Path, started: list[Access]
) -> None:
    (folder / "folio.toml").write_text('user_header = "X-Remote-User"\n')
    refused = serve(folder)
    assert refused.exit_code == 1
    assert "trusted_proxy" in refused.stderr
    assert started == []


def test_a_library_that_cant_be_written_is_served_and_damaged_users_are_not(
    folder: Path, started: list[Access], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Records.open

    def read_only(path: Path) -> Records:
        if path.name == "records.sqlite":
            raise RecordsError(f"{path} can't be used")
        return opened(path)

    monkeypatch.setattr(Records, "open", read_only)
    assert serve(folder).exit_code == 0
    assert len(started) == 1
    (folder / "records.sqlite").write_bytes(b"no database" * 1000)
    monkeypatch.undo()
    assert serve(folder).exit_code == 1
