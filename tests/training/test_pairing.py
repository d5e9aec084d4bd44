"""Which texts of two languages say the same, found by the encoder."""

from dataclasses import replace
from pathlib import Path

import pytest

from training import pairing
from training.corpus import Context, Corpus, Question
from training.pairing import paired_contexts, pairs, without_held_out

ENGLISH = (
    "The bridge over the river was opened in 1931 and carries two railway tracks.",
    "Bees return to the hive before dusk and share what they found by dancing.",
    "The museum shows glass of the seventeenth century from Venice and Bohemia.",
    "The ferry to the island leaves at six in the morning and at noon.",
    "Her first novel was printed in three hundred copies, of which forty remain.",
    "The dam holds back enough water for two dry summers.",
)
TURKISH = (
    "Baraj, iki kurak yaza yetecek kadar suyu tutar.",
    "Adaya giden feribot sabah altıda ve öğlen kalkar.",
    "Nehrin üzerindeki köprü 1931'de açıldı ve iki demiryolu hattı taşıyor.",
    "İlk romanı üç yüz nüsha basıldı, bunlardan kırkı kaldı.",
    "Arılar alacakaranlıktan önce kovana döner ve bulduklarını dans ederek paylaşır.",
    "Kentin belediye başkanı dün akşam görevinden istifa ettiğini açıkladı.",
)
TRANSLATIONS = {0: 2, 1: 4, 3: 1, 4: 3, 5: 0}


@pytest.fixture(autouse=True)
def few_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for less: the mean of six texts takes away much of what they say, too."""
    monkeypatch.setattr(pairing, "_SAME_CONTEXT", 0.3)
    monkeypatch.setattr(pairing, "_SAME_QUESTION", 0.1)


def context(source: str, language: str, place: int, text: str) -> Context:
    name = f"{source}:{place}"
    return Context(name, source, language, "group", name, text, False)


def question(about: Context, text: str, answer: str) -> Question:
    start = about.text.index(answer)
    places = ((start, start + len(answer)),)
    return Question(
        about.name + ":q", about.source, about.language, text, about.name, places, True, "", ""
    )


def corpus() -> Corpus:
    english = [context("xquad", "en", place, text) for place, text in enumerate(ENGLISH)]
    turkish = [context("copy", "tr", place, text) for place, text in enumerate(TURKISH)]
    questions = [
        question(english[0], "When was the bridge over the river opened?", "1931"),
        question(english[2], "Of what century is the glass in the museum?", "seventeenth"),
        question(english[3], "When does the ferry leave for the island?", "six in the morning"),
        question(turkish[2], "Nehrin üzerindeki köprü ne zaman açıldı?", "1931"),
        question(turkish[3], "İlk romanı kaç nüsha basıldı?", "üç yüz"),
        question(turkish[4], "Arılar kovana ne zaman döner?", "alacakaranlıktan önce"),
        question(turkish[0], "Baraj kaç yaza yetecek su tutar?", "iki"),
    ]
    return Corpus({each.name: each for each in english + turkish}, questions)


def test_a_text_is_paired_with_its_translation_and_one_without_stays_alone(tmp_path: Path) -> None:
    read = corpus()
    found = paired_contexts(read.contexts_of("xquad"), read.contexts_of("copy"), tmp_path)
    assert found == {f"xquad:{a}": f"copy:{b}" for a, b in TRANSLATIONS.items()}


def test_a_question_is_paired_with_the_translated_text_and_the_place_of_its_own_translations_answer(
    tmp_path: Path,
) -> None:
    found = {each.question.text: each for each in pairs(corpus(), "xquad", "copy", tmp_path)}
    assert set(found) == {
        "When was the bridge over the river opened?",
        "When does the ferry leave for the island?",
    }
    bridge = found["When was the bridge over the river opened?"]
    [(start, end)] = bridge.answers or ()
    assert bridge.context.text[start:end] == "1931"
    assert found["When does the ferry leave for the island?"].answers is None


def test_a_translation_of_a_held_out_text_is_held_out(tmp_path: Path) -> None:
    read = corpus()
    read.contexts["xquad:3"] = replace(read.contexts["xquad:3"], dev=True)
    held = without_held_out(read, "copy", tmp_path)
    assert [each.name for each in held.contexts.values() if each.dev] == ["xquad:3", "copy:1"]
    assert "xquad:3:q" not in {
        each.question.name for each in pairs(held, "xquad", "copy", tmp_path)
    }
