"""Run the default model's folder fast: OpenVINO, in bfloat16 where the processor has it.

The reader's matrices are kept in eight bits, and multiplied so where the processor can (VNNI): a
fifth less time than in bfloat16, half of the time in float32. What it says moves by less than it
differs between two trainings. The encoder's aren't: its vectors are kept, and compared.

OpenVINO's one home. Everything that reads the folder through another library (training, a check
of agreement) gets the same vectors to a cosine of 0.999, tested.
"""

import os
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from tokenizers import Tokenizer

GRAPH: Final = "encoder.xml"
_MAX_TOKENS: Final = 512
_BATCH_TOKENS: Final = 2048
# Rows whose lengths differ by less tokens may be computed together.
_ALIKE: Final = 16
# So many of a row's numbers share a scale when they are multiplied in eight bits.
_DYNAMIC_GROUP: Final = 128
# Each new shape costs the run-time a compilation of some milliseconds; this keeps them few.
_SHAPE_STEP: Final = 8


def export(folder: Path) -> None:
    """Write `folder`/encoder.xml: token ids in, mean-pooled unit vectors out."""
    import torch
    from transformers import AutoModel

    class MeanPooled(torch.nn.Module):
        def __init__(self, model: Any) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            hidden = self.model(input_ids=input_ids, attention_mask=attention_mask)
            mask = attention_mask.unsqueeze(-1).to(torch.float32)
            mean = (hidden.last_hidden_state * mask).sum(1) / mask.sum(1)
            return torch.nn.functional.normalize(mean, p=2, dim=1)

    # Eager attention traces without a branch on the shapes of the example.
    model = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()
    ids = torch.ones(2, 16, dtype=torch.long)
    example = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    save_graph(MeanPooled(model), example, folder / GRAPH)


def export_reader(
    folder: Path,
    differences: dict[str, npt.NDArray[np.float32]],
    heads: dict[str, npt.NDArray[np.float32]],
    path: Path,
) -> None:
    """Write `reader_module` as a graph, its layers' matrices in eight bits."""
    import torch

    module = reader_module(folder, differences, heads)
    words = torch.zeros(2, 16, module.model.config.hidden_size)
    example = {"words": words, "mask": torch.ones(2, 16, dtype=torch.long)}
    save_graph(module, example, path, in_bytes=True)


def reader_module(
    folder: Path,
    differences: dict[str, npt.NDArray[np.float32]],
    heads: dict[str, npt.NDArray[np.float32]],
) -> Any:
    """Return the encoder, trained further, with two linear heads in the place of the mean.

    The torch module takes word vectors (batch, tokens, width) and their mask, and gives `head` of
    each token and `relevance` of the first: (batch, tokens, 2) and (batch,).

    Args:
        folder: the encoder's.
        differences: what is added to its parameters, by their names.
        heads: weight and bias of "head" and "relevance".
    """
    import torch
    from transformers import AutoModel

    def linear(name: str) -> Any:
        weight, bias = (torch.from_numpy(heads[f"{name}.{kind}"]) for kind in ("weight", "bias"))
        module = torch.nn.Linear(weight.shape[1], weight.shape[0])
        module.load_state_dict({"weight": weight, "bias": bias})
        return module

    class Reader(torch.nn.Module):
        def __init__(self, model: Any) -> None:
            super().__init__()
            self.model, self.head, self.relevance = model, linear("head"), linear("relevance")

        def forward(self, words: Any, mask: Any) -> Any:
            hidden = self.model(inputs_embeds=words, attention_mask=mask).last_hidden_state
            return self.head(hidden), self.relevance(hidden[:, 0]).squeeze(-1)

    model = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for name, values in differences.items():
            parameters[name] += torch.from_numpy(values)
    return Reader(model)


def save_graph(module: Any, example: dict[str, Any], path: Path, in_bytes: bool = False) -> None:
    """Write a torch module as a graph with weights in half precision.

    Args:
        example: inputs by the names of `forward`'s arguments, for tracing.
        in_bytes: whether to write the matrices of its layers in eight bits.
    """
    import openvino
    import torch

    with torch.no_grad():
        graph = openvino.convert_model(module, example_input=example)
    if in_bytes:
        _keep_in_bytes(graph)
    openvino.save_model(graph, path, compress_to_fp16=True)


def _keep_in_bytes(graph: Any) -> None:
    """Replace each layer's matrix by (bytes - zero) · scale, with a zero and a scale for each row.

    The run-time multiplies what is written like this in eight bits. The heads' few rows stay.
    """
    from openvino import opset13 as ops

    for node in graph.get_ordered_ops():
        source = node.input_value(1).get_node() if node.get_type_name() == "MatMul" else None
        if source is None or source.get_type_name() != "Constant":
            continue
        matrix = source.get_data()
        if min(matrix.shape) < _DYNAMIC_GROUP:
            continue
        # The numbers that one output is made of. With 0 among them, their zero is a byte too.
        across = int(node.get_attributes()["transpose_b"])
        low = np.minimum(matrix.min(across, keepdims=True), 0)
        high = np.maximum(matrix.max(across, keepdims=True), 0)
        scale = np.maximum((high - low) / 255, 1e-12).astype(np.float32)
        zero = np.rint(-low / scale)
        whole = np.clip(np.rint(matrix / scale) + zero, 0, 255).astype(np.uint8)
        apart = ops.subtract(
            ops.convert(ops.constant(whole), "f32"),
            ops.convert(ops.constant(zero.astype(np.uint8)), "f32"),
        )
        node.input(1).replace_source_output(ops.multiply(apart, ops.constant(scale)).output(0))


class Graph:
    """A written graph, opened. Safe to call from several threads.

    Args:
        threads: processor threads a call may use. One is best for a question on a busy machine.

    Attributes:
        precision: what it computes in, "bf16" where the processor has it, else "f32".
    """

    def __init__(self, path: Path, threads: int) -> None:
        import openvino

        core = openvino.Core()
        capabilities = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        self.precision = "bf16" if "BF16" in capabilities else "f32"
        self._model = core.compile_model(
            path,
            "CPU",
            {
                "INFERENCE_PRECISION_HINT": self.precision,
                "INFERENCE_NUM_THREADS": threads,
                # Pinned, every process on the machine would compute on the same first core.
                "ENABLE_CPU_PINNING": False,
                "PERFORMANCE_HINT": "LATENCY",
                "DYNAMIC_QUANTIZATION_GROUP_SIZE": _DYNAMIC_GROUP,
                "CACHE_DIR": str(path.parent / "compiled"),
            },
        )
        self._idle: SimpleQueue[Any] = SimpleQueue()

    def infer(self, inputs: Sequence[npt.NDArray[Any]]) -> list[npt.NDArray[np.float32]]:
        """Return the graph's outputs for its inputs, in its order."""
        try:
            request = self._idle.get_nowait()
        except Empty:
            request = self._model.create_infer_request()
        results = request.infer(list(inputs))
        outputs = [results[place].copy() for place in range(len(results))]
        self._idle.put(request)
        return outputs


@cache
def open_tokenizer(folder: Path) -> "Tokenizer":
    """Return the tokenizer of a model's folder, for all who use it: it takes a second to open."""
    from tokenizers import Tokenizer

    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def _cut(ids: list[int]) -> list[int]:
    """Return a text's tokens, those that are too many left out before the last, which ends it."""
    return ids if len(ids) <= _MAX_TOKENS else [*ids[: _MAX_TOKENS - 1], ids[-1]]


class Runtime:
    """The exported encoder, opened. Safe to call from several threads.

    Args:
        folder: where `export` wrote.
        threads: processor threads a call may use. One is best for a question on a busy machine.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        self._tokenizer = open_tokenizer(folder)
        self._graph = Graph(folder / GRAPH, threads)
        self.precision = self._graph.precision

    def encode(self, texts: Sequence[str]) -> Iterator[tuple[list[int], npt.NDArray[np.float32]]]:
        """Yield batches, shortest texts first: places in `texts`, (n, dim) float32 unit vectors."""
        rows = [_cut(encoding.ids) for encoding in self._tokenizer.encode_batch(list(texts))]
        for batch in batches([len(row) for row in rows]):
            yield batch, self._infer([rows[place] for place in batch])

    def _infer(self, rows: list[list[int]]) -> npt.NDArray[np.float32]:
        return self._graph.infer(padded(rows))[0]


def padded(rows: Sequence[Sequence[int]]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return token ids and their mask, both (rows, tokens), padded to a common width."""
    width = -(-max(map(len, rows)) // _SHAPE_STEP) * _SHAPE_STEP
    ids = np.ones((len(rows), width), np.int64)
    mask = np.zeros((len(rows), width), np.int64)
    for place, row in enumerate(rows):
        ids[place, : len(row)] = row
        mask[place, : len(row)] = 1
    return ids, mask


def batches(lengths: Sequence[int]) -> list[list[int]]:
    """Return places in batches of like lengths: what a row is padded with is computed, too.

    The shortest come first; a batch has at most _BATCH_TOKENS tokens. A row alone takes hardly
    longer than one of many.

    Args:
        lengths: of rows, in tokens.
    """
    found: list[list[int]] = []
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    for _, alike in groupby(order, key=lambda place: lengths[place] // _ALIKE):
        rows = list(alike)
        most = max(1, _BATCH_TOKENS // lengths[rows[-1]])
        found += [rows[start : start + most] for start in range(0, len(rows), most)]
    return found
