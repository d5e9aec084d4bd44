"""Vectors of another model are never searched: it is refused, with what to run."""

import dataclasses

import pytest

from index.encoder import fingerprint_of
from index.errors import ModelError
from index.search import Searcher
from tests.faults.host import hashing_encoder

OTHER = {
    "another model": "multilingual-e5-base/c0ffee/1",
    "another revision": "multilingual-e5-small/0000000000000000/1",
    "another way to make its folder": None,
}


@pytest.mark.parametrize("what", OTHER)
def test_an_encoder_with_another_fingerprint_is_refused(library, what):
    encoder = hashing_encoder()
    fingerprint = OTHER[what] or encoder.fingerprint.rpartition("/")[0] + "/2"
    with pytest.raises(ModelError, match="folio index") as caught:
        Searcher.open(library, dataclasses.replace(encoder, fingerprint=fingerprint))
    # Both are named, so that one sees which of them is the wrong one.
    assert fingerprint in str(caught.value)
    assert encoder.fingerprint in str(caught.value)


def test_vectors_of_another_length_are_refused_whatever_the_fingerprint_says(library):
    with pytest.raises(ModelError, match="folio index"):
        Searcher.open(library, dataclasses.replace(hashing_encoder(), dimension=128))


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "1_Pooling/config.json"])
def test_one_changed_byte_of_a_model_gives_another_fingerprint(tmp_path, name):
    for place in ("model.safetensors", "tokenizer.json", "1_Pooling/config.json"):
        path = tmp_path / "model" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"weights")
    before = fingerprint_of(str(tmp_path / "model"))
    (tmp_path / "model" / name).write_bytes(b"weightt")
    assert fingerprint_of(str(tmp_path / "model")) != before
