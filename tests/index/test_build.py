"""A build makes the index agree with the files, at the cost of what changed."""

import os
from hashlib import sha256

import pytest

from documents import sentences
from index.build import build, outdated
from index.errors import IndexBusy
from index.generation import open_current, writing
from index.library import Library
from index.search import Searcher
from tests.conftest import NASTY, TEXTS


def found(library, encoder, question):
    searcher = Searcher.open(library, encoder)
    return [hit.passage.document for hit in searcher.search(searcher.query(question))]


def test_every_file_is_indexed_or_failed_with_a_reason(make_library):
    library = make_library({**TEXTS, "empty.txt": "", "notes.xyz": "what?", "photo.pdf": "no"})
    (library.documents / "link.txt").symlink_to(library.documents / "en.txt")
    report = build(library)
    reasons = {failure.document: failure.reason for failure in report.failed}
    assert reasons == {
        "empty.txt": "empty",
        "notes.xyz": "unsupported",
        "photo.pdf": "type_mismatch",
        "link.txt": "unsafe_path",
    }
    assert len(report.added) == len(TEXTS) + len(reasons)
    rows = open_current(library.index).store.documents()
    assert {row.document for row in rows} == set(report.added)
    assert {row.document for row in rows if row.state == "failed"} == set(reasons)


def test_nothing_to_do_makes_no_generation(make_library):
    library = make_library()
    first, second = build(library), build(library)
    assert (second.generation, second.unchanged) == (first.generation, len(TEXTS))
    assert [*second.added, *second.changed, *second.removed] == []


def test_a_change_costs_what_changed_and_is_found_at_once(make_library, encoder):
    library = make_library()
    build(library)
    (library.documents / "en.txt").write_text("The lighthouse of Kolka was automated in 1979.")
    (library.documents / "lv.txt").unlink()
    (library.documents / "new.txt").write_text("Gəncədə yeni stadion tikilir.")
    report = build(library)
    assert (report.changed, report.removed, report.added) == (["en.txt"], ["lv.txt"], ["new.txt"])
    assert report.unchanged == len(TEXTS) - 2
    assert found(library, encoder, "When was the lighthouse automated?")[0] == "en.txt"
    assert "lv.txt" not in found(library, encoder, "Rēzeknes akustikas laboratorija")
    words = open_current(library.index).store.holding(["akusti", "scholarships"[:6]])
    assert words == {}


def test_a_failed_file_is_read_again_when_it_changes(make_library):
    library = make_library({"a.txt": ""})
    assert build(library).failed[0].reason == "empty"
    assert build(library).unchanged == 1
    (library.documents / "a.txt").write_text("Now it says something.")
    report = build(library)
    assert (report.changed, report.failed) == (["a.txt"], [])


def test_a_renamed_file_keeps_its_passages_names(make_library):
    library = make_library()
    build(library)
    before = [row.key for row in open_current(library.index).store.passages_of("en.txt")]
    (library.documents / "en.txt").rename(library.documents / "moved.txt")
    build(library)
    store = open_current(library.index).store
    assert [row.key for row in store.passages_of("moved.txt")] == before
    assert store.passages_by_key(before[0])[0].document == "moved.txt"


def test_the_same_text_in_two_files_is_two_documents(make_library, encoder):
    library = make_library({"a.txt": TEXTS["en.txt"], "b.txt": TEXTS["en.txt"]})
    build(library)
    assert set(found(library, encoder, "How long does the agreement run?")) == {"a.txt", "b.txt"}


def test_passages_and_sentences_lie_in_the_text_where_they_say(make_library):
    library = make_library({f"{place}.txt": text * 9 for place, text in enumerate(NASTY)})
    report = build(library)
    store = open_current(library.index).store
    assert report.passages == store.passage_count() > 0
    for row in store.documents():
        text = store.text(row.document)
        passages = store.passages_of(row.document)
        assert all(text[each.start : each.end] == each.text for each in passages)
        kept = list(store.sentences([each.id for each in passages]))
        assert [(each.start, each.end) for each in kept] == [tuple(s) for s in sentences(text)]
        assert all(text[each.start : each.end] == each.text for each in kept)


def test_a_setting_that_changes_passages_builds_anew(make_library):
    library = make_library()
    build(library)
    (library.folder / "folio.toml").write_text("passage_chars = 120\n")
    report = build(Library.open(library.folder))
    assert len(report.added) == len(TEXTS)
    assert report.passages > len(TEXTS)


def test_vectors_once_computed_are_not_computed_again(make_library, monkeypatch):
    library = make_library()
    build(library)
    for path in library.index.iterdir():
        if path.name == "CURRENT":
            path.unlink()

    monkeypatch.setattr("index.encoder.Encoder.encode_passages", lambda self, texts: _none(texts))
    report = build(library)
    assert len(report.added) == len(TEXTS)


def _none(texts):
    assert list(texts) == []
    return iter(())


def test_where_every_vector_is_known_no_model_is_opened(make_library, monkeypatch):
    library = make_library()
    build(library)

    def refuse(*_, **__):
        raise AssertionError("a model is opened")

    monkeypatch.setattr("index.build.open_encoder", refuse)
    (library.documents / "lv.txt").unlink()
    (library.documents / "en.txt").rename(library.documents / "moved.txt")
    report = build(library)
    assert (report.added, report.removed) == (["moved.txt"], ["en.txt", "lv.txt"])
    (library.documents / "lv.txt").write_text("A text that is new.")
    with pytest.raises(AssertionError):
        build(library)


def test_progress_tells_files_and_passages_up_to_the_end(make_library):
    told = []
    build(make_library({**TEXTS, "empty.txt": ""}), lambda *step: told.append(step))
    count = len(TEXTS) + 1
    assert ("Comparing files", count, count) in told
    what, done, total, remark = told[-1]
    assert (what, done, total) == ("Indexing files", count, count)
    assert remark == "5 passages"
    assert [step[1] for step in told if step[0] == what] == sorted(
        step[1] for step in told if step[0] == what
    )


def test_an_interrupted_build_leaves_the_last_generation_and_is_finished_by_the_next(
    make_library, encoder, monkeypatch
):
    library = make_library()
    first = build(library)
    (library.documents / "new.txt").write_text("The lighthouse of Kolka was automated in 1979.")

    def interrupt(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("index.build.commit", interrupt)
        with pytest.raises(KeyboardInterrupt):
            build(library)
    assert open_current(library.index).manifest.number == first.generation
    assert build(library).added == ["new.txt"]
    assert found(library, encoder, "lighthouse")[0] == "new.txt"


def test_two_writers_at_once_are_one_and_a_refusal_that_names_the_other(make_library):
    library = make_library()
    with writing(library.index), pytest.raises(IndexBusy, match=str(os.getpid())):
        build(library)
    assert len(build(library).added) == len(TEXTS)


def test_files_that_differ_from_the_index_are_named(make_library):
    library = make_library()
    build(library)
    assert outdated(library) == []
    (library.documents / "en.txt").write_text("changed")
    (library.documents / "tr.txt").unlink()
    assert outdated(library) == ["en.txt", "tr.txt"]


def test_the_files_themselves_are_never_changed(make_library):
    library = make_library()
    before = {name: sha256(text.encode()).hexdigest() for name, text in TEXTS.items()}
    build(library)
    after = {name: sha256((library.documents / name).read_bytes()).hexdigest() for name in TEXTS}
    assert after == before
