import pytest

from index.errors import LibraryError
from index.records import Records
from qa.people import passwords, sessions, users

PASSWORD = "correct horse battery"


def test_there_is_no_user_before_one_is_made(records: Records) -> None:
    assert not users.any_users(records)
    assert users.users(records) == []
    for name, password in (("admin", "admin"), ("", ""), ("admin", "")):
        assert users.proved(records, name, password) is None


def test_a_password_proves_its_user_only(records: Records) -> None:
    users.add(records, "anna", "reader", PASSWORD)
    users.add(records, "juris", "admin", PASSWORD + "!")
    proved = users.proved(records, "anna", PASSWORD)
    assert proved is not None
    assert (proved.name, proved.role) == ("anna", "reader")
    for name, password in [
        ("anna", PASSWORD + "!"), ("anna", PASSWORD.upper()), ("anna", ""), ("juris", PASSWORD),
        ("nobody", PASSWORD), ("", PASSWORD), ("anna' OR 1=1 --", PASSWORD),
    ]:  # fmt: skip
        assert users.proved(records, name, password) is None, (name, password)


def test_what_is_kept_is_an_argon2id_hash_of_its_own(records: Records) -> None:
    for name in ("anna", "juris"):
        users.add(records, name, "reader", PASSWORD)
    kept = [row[0] for row in records.rows("SELECT password FROM users")]
    assert all(each.startswith("$argon2id$") for each in kept)
    assert len(set(kept)) == 2
    assert PASSWORD.encode() not in records.path.read_bytes()


@pytest.mark.parametrize("password", ["", "short", "elevenchars", "x" * 1025])
def test_a_short_or_endless_password_is_refused(records: Records, password: str) -> None:
    with pytest.raises(LibraryError, match="12 or more"):
        users.add(records, "anna", "reader", password)
    assert not users.any_users(records)


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "../a", "a/b", "a\nb", "<b>", "x" * 65, "a\0", "@a"]
)
def test_a_name_is_one_word(records: Records, name: str) -> None:
    with pytest.raises(LibraryError, match="can't be a user's name"):
        users.add(records, name, "reader", PASSWORD)


def test_a_name_is_the_same_however_it_is_typed(records: Records) -> None:
    users.add(records, "Jānis.Bērziņš@example.lv", "reader", PASSWORD)
    for typed in (
        "jānis.bērziņš@example.lv",
        " JĀNIS.BĒRZIŅŠ@EXAMPLE.LV",
        "Jānis.Bērziņš@example.lv",
    ):
        assert users.find(records, typed)
        with pytest.raises(LibraryError, match="already"):
            users.add(records, typed, "admin", PASSWORD)


def test_nobodys_password_takes_the_work_of_somebodys(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    users.add(records, "anna", "reader", PASSWORD)
    users.add(records, "proxied", "reader", None)
    verified: list[str] = []
    hasher = passwords._hasher()

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            verified.append(kept)
            return bool(hasher.verify(kept, password))

        def hash(self, password: str) -> str:
            return str(hasher.hash(password))

    monkeypatch.setattr(passwords, "_hasher", Counting)
    for name in ("anna", "nobody", "proxied", ""):
        assert users.proved(records, name, "a wrong password") is None
    assert len(verified) == 4
    parameters = {each.rsplit("$", 2)[0] for each in verified}
    assert len(parameters) == 1


def test_a_user_without_a_password_cant_be_proved_by_any(records: Records) -> None:
    users.add(records, "anna", "reader", None)
    for password in ("", PASSWORD, "$argon2id$"):
        assert users.proved(records, "anna", password) is None


@pytest.mark.parametrize("change", ["password", "role", "removal"])
def test_a_change_of_a_user_ends_the_users_sessions_and_no_others(
    records: Records, change: str
) -> None:
    tokens = {}
    for name in ("anna", "juris"):
        users.add(records, name, "reader", PASSWORD)
        tokens[name] = sessions.begin(records, name)
    if change == "password":
        users.change_password(records, "anna", "another password")
        assert users.proved(records, "anna", PASSWORD) is None
        assert users.proved(records, "anna", "another password")
    elif change == "role":
        assert users.change_role(records, "anna", "admin").role == "admin"
    else:
        users.remove(records, "anna")
        assert users.find(records, "anna") is None
    assert sessions.user_of(records, tokens["anna"]) is None
    assert sessions.user_of(records, tokens["juris"]) == "juris"


@pytest.mark.parametrize("change", [users.user, users.remove])
def test_a_user_that_isnt_there_is_told_with_what_to_do(records: Records, change) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(LibraryError, match="folio user list"):
        change(records, "nobody")
