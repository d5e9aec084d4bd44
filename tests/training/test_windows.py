"""How groups become batches."""

import pytest
from tokenizers import Tokenizer

from index.encoder import prepare
from index.runtime import open_tokenizer
from training.mixture import Window
from training.windows import Encoded, collate, encode

QUESTION = "Hansı parkda 26 tələbə oxuyur?"
TOLD = Window("Ventspils parkında 26 tələbə oxuyur.", ((0, 18),), False, True)
UNTOLD = Window("Kurss ilga divpadsmit nedēļas.", (), False, False)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return open_tokenizer(prepare())


def encoded(tokenizer: Tokenizer, *windows: Window) -> list[Encoded]:
    found = [encode(tokenizer, QUESTION, each) for each in windows]
    return [each for each in found if each]


def test_passages_are_ranked_only_in_a_group_of_which_one_answers(tokenizer: Tokenizer) -> None:
    answered = encoded(tokenizer, TOLD, UNTOLD)
    near_miss = encoded(tokenizer, UNTOLD, UNTOLD, UNTOLD)
    alone = encoded(tokenizer, TOLD)
    batch = collate([near_miss, answered, alone])
    assert batch.groups == [range(3, 5)]
    assert batch.relevant.tolist() == [0, 0, 0, 1, 0, 1]


def test_what_does_not_answer_has_its_span_at_the_first_token(tokenizer: Tokenizer) -> None:
    batch = collate([encoded(tokenizer, TOLD, UNTOLD)])
    assert not batch.starts[0, 0]
    assert batch.starts[0].sum() == batch.ends[0].sum() == 1
    assert batch.starts[1].nonzero().tolist() == batch.ends[1].nonzero().tolist() == [[0]]


def test_a_span_is_found_in_its_tokens(tokenizer: Tokenizer) -> None:
    [window] = encoded(tokenizer, TOLD)
    [start], [end] = window.starts, window.ends
    first, last = (window.places[at - window.offset] for at in (start, end))
    assert TOLD.text[first[0] : last[1]].strip() == "Ventspils parkında"
