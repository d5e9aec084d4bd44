"""The reader as a torch network, lean enough to train on two cores.

The encoder's layers with one matrix for query, key and value, plain attention and pure bfloat16:
twice as quick on a processor with AMX as the library's own module under autocast. On top, a linear
head that says of each token whether an answer starts or ends there, and one on the first token that
says whether the passage answers at all. "No answer here" is a span that starts and ends at the
first token.
"""

import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

_HEADS = 12
_EPSILON = 1e-12
_MASKED = -30000.0
_PARTS = {"ao": "attention.output.dense", "fi": "intermediate.dense", "fo": "output.dense"}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
PARTS = ("qkv", *_PARTS, *_NORMS)


class Layer(nn.Module):
    """One layer of BERT."""

    def __init__(self, width: int = 384, inner: int = 1536) -> None:
        super().__init__()
        self.qkv = nn.Linear(width, 3 * width)
        self.ao = nn.Linear(width, width)
        self.fi = nn.Linear(width, inner)
        self.fo = nn.Linear(inner, width)
        self.aln = nn.LayerNorm(width, eps=_EPSILON)
        self.oln = nn.LayerNorm(width, eps=_EPSILON)

    def forward(self, hidden: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        """Return the next hidden states.

        Args:
            hidden: (batch, tokens, width).
            bias: (batch · heads, 1, tokens), 0 or a large negative number where padded.
        """
        batch, tokens, width = hidden.shape
        size = width // _HEADS
        rows = self.qkv(hidden).view(batch, tokens, 3, _HEADS, size).permute(2, 0, 3, 1, 4)
        query, key, value = rows.reshape(3, batch * _HEADS, tokens, size)
        weights = torch.baddbmm(bias, query, key.transpose(1, 2), alpha=1 / math.sqrt(size))
        mixed = torch.bmm(weights.softmax(-1), value).view(batch, _HEADS, tokens, size)
        mixed = mixed.transpose(1, 2).reshape(batch, tokens, width)
        hidden = self.aln(hidden + self.ao(mixed))
        return self.oln(hidden + self.fo(functional.gelu(self.fi(hidden))))


class ReaderNetwork(nn.Module):
    """Token ids in; start, end and relevance logits out.

    Args:
        folder: the encoder's folder.
        frozen: how many of the lowest layers, with the embeddings, stay as they are.
    """

    def __init__(self, folder: Path, frozen: int) -> None:
        super().__init__()
        weights = load_file(folder / "model.safetensors")
        weights = {name.removeprefix("bert."): value.float() for name, value in weights.items()}
        count = 1 + max(int(name.split(".")[2]) for name in weights if ".layer." in name)
        word = weights["embeddings.word_embeddings.weight"]
        # Token types are all 0, so theirs can be added to the positions once.
        position = (
            weights["embeddings.position_embeddings.weight"]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self.word = nn.Embedding.from_pretrained(word.bfloat16(), freeze=True)
        self.position = nn.Embedding.from_pretrained(position.bfloat16(), freeze=True)
        self.norm = nn.LayerNorm(word.shape[1], eps=_EPSILON)
        self.norm.load_state_dict(_part(weights, "embeddings.LayerNorm"))
        self.layers = nn.ModuleList(_layer(weights, number) for number in range(count))
        self.head = nn.Linear(word.shape[1], 2)
        self.relevance = nn.Linear(word.shape[1], 1)
        for linear in (self.head, self.relevance):
            nn.init.normal_(linear.weight, std=0.02)
            nn.init.zeros_(linear.bias)
        self.frozen = frozen
        for part in (self.norm, *self.layers[:frozen]):
            part.requires_grad_(False)
        self.norm.bfloat16()
        self.layers.bfloat16()

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return (batch, tokens, 2) start and end logits and (batch,) relevance, float32.

        Args:
            ids: (batch, tokens).
            mask: (batch, tokens), 1 where there is a token.
        """
        gap = (1.0 - mask.to(torch.bfloat16)) * _MASKED
        bias = gap.repeat_interleave(_HEADS, 0).unsqueeze(1)
        with torch.no_grad():
            hidden = self.norm(self.word(ids) + self.position.weight[: ids.shape[1]])
            for layer in self.layers[: self.frozen]:
                hidden = layer(hidden, bias)
        for layer in self.layers[self.frozen :]:
            hidden = layer(hidden, bias)
        hidden = hidden.float()
        return self.head(hidden), self.relevance(hidden[:, 0]).squeeze(-1)


def _part(weights: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {kind: weights[f"{prefix}.{kind}"] for kind in ("weight", "bias")}


def _layer(weights: dict[str, torch.Tensor], number: int) -> Layer:
    prefix = f"encoder.layer.{number}."
    layer = Layer()
    layer.qkv.load_state_dict(
        {
            kind: torch.cat(
                [
                    weights[f"{prefix}attention.self.{part}.{kind}"]
                    for part in ("query", "key", "value")
                ]
            )
            for kind in ("weight", "bias")
        }
    )
    for name, place in (_PARTS | _NORMS).items():
        getattr(layer, name).load_state_dict(_part(weights, prefix + place))
    return layer


def encoder_names(name: str) -> list[str]:
    """Return the encoder's parameters that one of a layer's is made of, in order.

    layers.7.fo.bias → encoder.layer.7.output.dense.bias; a qkv has three.
    """
    _, number, part, kind = name.split(".")
    if part == "qkv":
        places = [f"attention.self.{each}" for each in ("query", "key", "value")]
    else:
        places = [(_PARTS | _NORMS)[part]]
    return [f"encoder.layer.{number}.{place}.{kind}" for place in places]
