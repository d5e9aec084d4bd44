import numpy as np
import pytest

from index.encoder import DEFAULT, fingerprint_of, open_encoder
from index.errors import ModelError


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory):
    """Return the folder of a sentence-transformers model with random weights."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("model")
    words = ["[PAD]", "[UNK]", "query", "passage", ":", "park", "agreement"]
    raw = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, "[UNK]"))
    raw.pre_tokenizer = pre_tokenizers.Whitespace()
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
    )
    BertModel(config).save_pretrained(folder / "base")
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]"}
    PreTrainedTokenizerFast(tokenizer_object=raw, **special).save_pretrained(folder / "base")
    modules = [Transformer(str(folder / "base")), Pooling(8)]
    SentenceTransformer(modules=modules, device="cpu").save(
        str(folder / "tiny"), create_model_card=False
    )
    return folder / "tiny"


def test_a_vector_has_unit_length_and_the_models_dimension(encoder):
    vector = encoder.encode_query("Kas parakstīja līgumu?")
    assert vector.shape == (384,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=2e-3)


def test_every_text_gets_its_vector_whatever_its_length(encoder):
    texts = ["a", "parks " * 900, "", "Ģ", "texnologiyalar " * 40] * 3
    found: dict[int, np.ndarray] = {}
    for places, vectors in encoder.encode_passages(texts):
        found |= dict(zip(places, vectors, strict=True))
    assert sorted(found) == list(range(len(texts)))
    for place in range(5):
        assert found[place] @ found[place + 5] > 0.999


def test_a_folder_of_sentence_transformers_can_take_the_defaults_place(tiny_model):
    encoder = open_encoder(str(tiny_model))
    vector = encoder.encode_query("park agreement")
    assert vector.shape == (8,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=2e-3)
    assert encoder.fingerprint == fingerprint_of(str(tiny_model)) != fingerprint_of(DEFAULT)


def test_a_model_that_isnt_on_this_machine_is_refused_with_what_to_do():
    with pytest.raises(ModelError, match=r"folio\.toml"):
        open_encoder("nobody/no-such-model")


def test_a_folder_that_isnt_a_model_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("no model")
    with pytest.raises(ModelError, match="not a sentence-transformers model"):
        open_encoder(str(tmp_path))
