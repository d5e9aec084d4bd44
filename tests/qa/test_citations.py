"""A permanent link resolves for as long as its text ever was in the library."""

import json
import shutil

import pytest
from click.testing import CliRunner

from index.build import build
from index.errors import LibraryError
from index.generation import open_current
from index.library import Library
from qa.citations import follow
from qa.sources import source_html
from qa.strings import LANGUAGES, say
from tests.conftest import TEXTS
from ui import folio

AGREEMENT = TEXTS["en.txt"]
CITED = "The agreement runs for six years."
LONG = "On 4 March 2021 the port of Liepāja and the Caspian Harbour Agency signed an agreement"
EDITS = {
    "same.txt": AGREEMENT,
    "longer.txt": "A note before it.\n\n" + AGREEMENT + "\n\nAnd one after it.",
    "quoted.txt": AGREEMENT.replace(CITED, "The  agreement\nruns “for six years”."),
    "number.txt": AGREEMENT.replace("six years", "five years"),
    "other.txt": "Nothing in here says anything of that sort any longer, whoever may ask for it.",
    "unreadable.txt": "",
    "gone.txt": None,
    "renamed.txt": None,
}


@pytest.fixture(scope="module")
def edited(tmp_path_factory):
    """Return a library, edited, and the stores before and after it was."""
    folder = tmp_path_factory.mktemp("edited")
    (folder / "documents").mkdir()
    for name in EDITS:
        # Each document's words are its own, so that none is found in another by chance.
        (folder / "documents" / name).write_text(own(name, AGREEMENT), encoding="utf-8")
    library = Library.open(folder)
    build(library)
    shutil.copytree(library.index, folder / "before")
    for name, text in EDITS.items():
        path = folder / "documents" / name
        path.unlink() if text is None else path.write_text(own(name, text), encoding="utf-8")
    text = own("renamed.txt", "A new beginning of it.\n\n" + AGREEMENT)
    (folder / "documents/new-name.txt").write_text(text, encoding="utf-8")
    build(library)
    return library, open_current(folder / "before").store, open_current(library.index).store


def own(name, text):
    """Return a text with names in it that no other document has."""
    mark = name.split(".")[0]
    return (
        text.replace("Liepāja", f"Liepāja-{mark}")
        .replace("agreement runs", f"agreement of {mark} harbour authorities runs")
        .replace("agreement\nruns", f"agreement\nof {mark} harbour  authorities runs")
        .replace("twelve scholarships", f"twelve {mark} scholarships")
        .replace("heart of the deal", "soul of it" if mark == "renamed" else "heart of the deal")
    )


def link(edited, name, words=CITED):
    """Return what a link to some words of a document cites now."""
    library, before, after = edited
    words = own(name, words)
    text, [row] = before.text(name), before.passages_of(name)
    start = text.index(words)
    return follow(library, after, row.key, start, start + len(words))


@pytest.mark.parametrize(
    ("name", "state", "now"),
    [
        ("same.txt", "current", "same.txt"),
        ("longer.txt", "moved", "longer.txt"),
        ("quoted.txt", "moved", "quoted.txt"),
        ("renamed.txt", "moved", "new-name.txt"),
        ("number.txt", "changed", "number.txt"),
        ("other.txt", "changed", None),
        ("unreadable.txt", "changed", None),
        ("gone.txt", "gone", None),
    ],
)
def test_a_link_says_what_became_of_its_words(edited, name, state, now):
    source = link(edited, name)
    assert source.state == state
    assert source.said.quote == own(name, CITED)
    assert source.said.document == name
    assert (source.now.document if source.now else None) == now
    assert (source.went is None) == (state in ("current", "moved"))
    shown = source.now or source.said
    assert source.text[shown.start : shown.end] == shown.quote
    assert source.marked == (shown.start, shown.end)
    if now:
        assert edited[2].text(now) == source.text
    else:
        assert source.text == edited[1].text(name)


def test_words_that_moved_are_the_same_but_for_spacing_and_quotation_marks(edited):
    assert link(edited, "longer.txt").now.quote == own("longer.txt", CITED)
    quoted = link(edited, "quoted.txt").now.quote
    expected = "The agreement of quoted harbour authorities runs “for six years”."
    assert quoted.split() == expected.split()


def test_a_changed_number_is_never_shown_as_the_cited_words(edited):
    source = link(edited, "number.txt")
    assert "six years" in source.said.quote
    assert "five years" in source.now.quote
    assert "six years" not in source.now.quote


def test_a_few_words_are_found_again_only_among_the_words_they_stood_in(edited):
    assert link(edited, "longer.txt", "six years").state == "moved"
    # "scholarships" stands in the text more than once, and in every other document.
    source = link(edited, "number.txt", "six years")
    assert source.state == "changed"
    assert source.now is None or "six years" not in source.now.quote


def test_a_link_never_goes_over_to_a_document_that_stood_beside_its_own(edited):
    shared = "called the scholarships the heart of the deal."
    assert all(shared in edited[2].text(name) for name in ("same.txt", "longer.txt"))
    assert link(edited, "gone.txt", shared).state == "gone"
    unreadable = link(edited, "unreadable.txt", shared)
    assert (unreadable.state, unreadable.passage.document) == ("changed", "unreadable.txt")
    assert link(edited, "other.txt", shared).state == "changed"


def test_a_whole_passage_is_followed_as_its_sentences_are(edited):
    library, before, after = edited
    states = {name: follow(library, after, before.passages_of(name)[0].key).state for name in EDITS}
    assert states == {
        "same.txt": "current",
        "longer.txt": "moved",
        "quoted.txt": "moved",
        "renamed.txt": "moved",
        "number.txt": "changed",
        "other.txt": "changed",
        "unreadable.txt": "changed",
        "gone.txt": "gone",
    }


def test_links_live_on_when_the_index_is_deleted_and_rebuilt(edited, tmp_path):
    shutil.copytree(edited[0].folder, tmp_path / "copy")
    library = Library.open(tmp_path / "copy")
    shutil.rmtree(library.index)
    build(library)
    again = (library, edited[1], open_current(library.index).store)
    for name in EDITS:
        source, expected = link(again, name), link(edited, name)
        assert (source.state, source.said) == (expected.state, expected.said)


@pytest.mark.parametrize(("start", "end"), [(5, 5), (9, 3), (0, 10**6), (10**6, None), (21, 22)])
@pytest.mark.parametrize("name", ["same.txt", "gone.txt"])
def test_characters_that_no_text_has_are_refused(edited, name, start, end):
    library, before, after = edited
    with pytest.raises(LibraryError, match="no part of"):
        follow(library, after, before.passages_of(name)[0].key, start, end)


def test_a_passage_that_never_was_has_no_source_also_without_records(edited, tmp_path):
    library, _, after = edited
    assert follow(library, after, "0" * 16) is None
    assert follow(Library.open(library.folder), after, "' OR 1 = 1 --") is None
    (tmp_path / "documents").mkdir()
    assert follow(Library.open(tmp_path), after, "0" * 16) is None
    assert not (tmp_path / "records.sqlite").exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_browser_says_what_became_of_the_words_and_quotes_them(edited, language):
    for name in EDITS:
        source = link(edited, name)
        markup = source_html(source, source.marked, language)
        assert ('class="since"' in markup) == (source.state != "current")
        assert (say("moved", language) in markup) == (source.state == "moved")
        assert (say("cited", language) in markup) == (source.state in ("changed", "gone"))
        assert (own(name, CITED) in markup) == (name not in ("quoted.txt",))
    assert 'href="?document=other.txt"' in source_html(link(edited, "other.txt"), None, language)


def test_cite_prints_what_is_said_or_was(edited):
    library, before, _ = edited
    at = ["--library", str(library.folder)]
    for name, state in (("longer.txt", "moved"), ("number.txt", "changed"), ("gone.txt", "gone")):
        [row] = before.passages_of(name)
        start = before.text(name).index(own(name, CITED))
        end = start + len(own(name, CITED))
        arguments = ["cite", row.key, "--start", str(start), "--end", str(end), *at]
        values = json.loads(CliRunner().invoke(folio, [*arguments, "--json"]).stdout)
        assert list(values) == ["passage", "state", "went", "said", "now"]
        assert (values["passage"], values["state"]) == (row.key, state)
        assert values["said"]["quote"] == own(name, CITED)
        assert (values["now"] is None) == (state == "gone")
        assert own(name, CITED) in CliRunner().invoke(folio, arguments).stdout
    missing = CliRunner().invoke(folio, ["cite", "0" * 16, *at])
    assert (missing.exit_code, missing.stderr.count("\n")) == (1, 1)
