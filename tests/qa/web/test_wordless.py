import logging
import threading
import traceback

import pytest

from qa.web.wordless import errors_without_words, told


def fail() -> None:
    try:
        raise KeyError("zanzibarax")
    except KeyError as error:
        raise ValueError("received inputs: zanzibarax") from error


def test_an_errors_kind_and_place_are_told_with_those_of_its_cause_and_no_word_of_either() -> None:
    with pytest.raises(ValueError, match="zanzibarax") as caught:
        fail()
    said = told(caught.value)
    assert said.index("\nKeyError\n") < said.index("\nValueError")
    assert "in fail" in said
    assert "received inputs: zanzibarax\n" not in said


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_whoever_prints_an_error_leaves_its_words_out(capfd: pytest.CaptureFixture[str]) -> None:
    def word() -> str:
        return "zanzibar" + "ax"

    def broken() -> None:
        raise RuntimeError(word())

    with errors_without_words():
        try:
            broken()
        except RuntimeError:
            traceback.print_exc()
            logging.getLogger("uvicorn.error").exception("Exception in the application")
        thread = threading.Thread(target=broken)
        thread.start()
        thread.join()
    said = capfd.readouterr().err
    assert said.count("\nRuntimeError\n") == 3
    assert word() not in said
