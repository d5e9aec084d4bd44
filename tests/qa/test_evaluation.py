import json

import pytest
from sklearn.metrics import roc_auc_score

from index.errors import LibraryError
from qa.assistant import Assistant
from qa.evaluation import auroc, f1, measure, read_questions, table


@pytest.mark.parametrize(
    ("found", "right", "value"),
    [
        ("6 November 2018", "6 November 2018", 1.0),
        ("on 6 November 2018", "6 November 2018", 6 / 7),
        ("Bakıda", "Seulda", 0.0),
        ("", "Seulda", 0.0),
    ],
)
def test_f1_counts_words_in_common(found, right, value):
    assert f1(found, right) == pytest.approx(value)


def test_auroc_is_what_an_independent_implementation_says():
    positives, negatives = [0.9, 0.8, 0.4, 0.4, 0.1], [0.7, 0.4, 0.3, 0.1]
    wanted = roc_auc_score([1] * 5 + [0] * 4, positives + negatives)
    assert auroc(positives, negatives) == pytest.approx(wanted, abs=1e-4)
    assert auroc([], [0.5]) is None


def test_a_line_that_is_no_question_is_named(tmp_path):
    path = tmp_path / "q.jsonl"
    right = b'{"question": "Who?", "answerable": true}\n'
    for wrong in (
        b'{"question": "Who?"}', b"\xe9", b"[" * 200_000, b'{"question": 3, "answerable": true}',
        b'{"question": " ", "answerable": true}',
        b'{"question": "Who?", "answerable": true, "lang": 3}',
        b'{"question": "Who?", "answerable": true, "kind": []}',
        b'{"question": "Who?", "answerable": true, "document": {"a": 1}}',
        b'{"question": "Who?", "answerable": true, "answers": [{"text": 3}]}',
    ):  # fmt: skip
        path.write_bytes(right + wrong + b"\n" + right)
        with pytest.raises(LibraryError, match="line 2"):
            read_questions(path)


def test_a_mark_before_the_first_line_and_separators_inside_of_one_are_no_lines(tmp_path):
    path = tmp_path / "q.jsonl"
    line = '{"question": "Who\u2028signed?", "answerable": true}\r\n'
    path.write_bytes(b"\xef\xbb\xbf" + line.encode() * 2)
    assert [each.question for each in read_questions(path)] == ["Who signed?"] * 2


def test_measures_are_of_the_questions_asked(small_library, tmp_path):
    questions = [
        {
            "id": 1,
            "language": "en",
            "question": "How many years does the harbour agreement run?",
            "answerable": True,
            "document": "en.txt",
            "answers": [{"text": "six years"}],
            "kind": "same",
        },
        {
            "id": 2,
            "language": "ru",
            "question": "Кто директор музея станков?",
            "answerable": True,
            "document": "ru/ru.txt",
            "answers": [{"text": "Павел Жуков"}],
        },
        {"id": 3, "language": "en", "question": "Who founded Microsoft?", "answerable": False},
    ]
    path = tmp_path / "q.jsonl"
    path.write_text("\n".join(json.dumps(question) for question in questions))
    report = measure(Assistant.open(small_library), read_questions(path))
    assert report["all"]["questions"] == 3
    assert report["all"]["recall@1"] == 1.0
    assert report["all"]["quote_hit"] == 1.0
    assert report["languages"]["ru"]["first_quote_hit"] == 1.0
    assert report["kinds"]["same"]["questions"] == 1
    assert report["all"]["abstained"] in {0.0, 1.0}
    assert "recall@1" in table(report).splitlines()[0]
    risk = report["risk"]["all"]
    assert risk["cases"] == 3
    # Of all three, the one without an answer is wrong, however unsure.
    assert risk["risk"]["100%"] == pytest.approx(1 / 3, abs=1e-4)
    assert report["risk"]["languages"]["ru"]["risk"]["100%"] == 0
    assert "AURC" in table(report)
