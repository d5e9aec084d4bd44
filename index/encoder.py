"""Texts in, unit vectors out, by the default model or any sentence-transformers model.

sentence-transformers' one home, but for the module that writes the default model's folder. A
vector is rounded to half precision here and nowhere else, so that one just computed and one out
of a cache are the same.
"""

import hashlib
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import platformdirs

from index import default_model, runtime
from index.errors import ModelError

DEFAULT: Final = default_model.NAME
_FOLDER_VERSION: Final = 1
_CHUNK: Final = 256

Batches = Iterator[tuple[list[int], npt.NDArray[np.float32]]]


@dataclass(frozen=True)
class Encoder:
    """An opened model. Safe to call from several threads.

    Attributes:
        name: as it stands in folio.toml.
        fingerprint: tells this model's vectors from every other model's.
        dimension: length of a vector.
    """

    name: str
    fingerprint: str
    dimension: int
    _prompts: dict[str, str]
    _run: Callable[[Sequence[str]], Batches]

    def encode_query(self, question: str) -> npt.NDArray[np.float32]:
        """Return the question's vector: (dimension,) float32, unit length."""
        [(_places, vectors)] = self._run([self._prompts["query"] + question])
        vector: npt.NDArray[np.float32] = _rounded(vectors)[0]
        return vector

    def encode_passages(self, texts: Sequence[str]) -> Batches:
        """Yield batches as they are ready: places in `texts`, (n, dimension) float32 unit vectors.

        Every place comes once; the order is the run-time's.
        """
        for start in range(0, len(texts), _CHUNK):
            chunk = [self._prompts["document"] + text for text in texts[start : start + _CHUNK]]
            for places, vectors in self._run(chunk):
                yield [start + place for place in places], _rounded(vectors)


def open_encoder(name: str = DEFAULT, threads: int = 1) -> Encoder:
    """Open a model: the default by its name, or a sentence-transformers folder or hub name.

    Args:
        name: the setting `encoder`.
        threads: processor threads a call may use.

    Raises:
        ModelError: it can't be had on this machine.
    """
    if name == DEFAULT:
        return _open_default(threads)
    return _open_sentence_transformer(name, threads)


def fingerprint_of(name: str) -> str:
    """Return what tells this model's vectors from every other model's, without opening it.

    Raises:
        ModelError: it can't be had on this machine.
    """
    if name == DEFAULT:
        return f"{DEFAULT}/{default_model.SHA256[:16]}/{_FOLDER_VERSION}"
    return f"{Path(name).name}/{_folder_digest(_local_folder(name))[:16]}"


def cache_folder() -> Path:
    """Return the folder for what can be made again: $FOLIO_CACHE, else the platform's."""
    return Path(os.environ.get("FOLIO_CACHE") or platformdirs.user_cache_path("folio"))


def make_cache() -> None:
    """Make the cache's folder where it isn't.

    Raises:
        ModelError: it can't be made or written.
    """
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise ModelError(
            f"the cache {folder} can't be written ({error.strerror}): name another folder in "
            "$FOLIO_CACHE"
        ) from error


def prepared_folder() -> Path:
    """Return where the default model is, or will be, as a folder."""
    return cache_folder() / f"{DEFAULT}-{default_model.SHA256[:12]}-{_FOLDER_VERSION}"


def prepare() -> Path:
    """Make the default model's folder in the cache if it isn't there, and return it.

    Takes half a minute, once. Two processes at once make it once.

    Raises:
        ModelError: the cache can't be written.
    """
    from filelock import FileLock

    folder = prepared_folder()
    if not folder.exists():
        make_cache()
        with FileLock(f"{folder}.lock"):
            if not folder.exists():
                unfinished = folder.with_suffix(".unfinished")
                shutil.rmtree(unfinished, ignore_errors=True)
                with quiet():
                    default_model.write_folder(unfinished)
                    runtime.export(unfinished)
                unfinished.rename(folder)
    return folder


def _open_default(threads: int) -> Encoder:
    opened = runtime.Runtime(prepare(), threads)
    return Encoder(
        name=DEFAULT,
        fingerprint=fingerprint_of(DEFAULT),
        dimension=384,
        _prompts=default_model.PROMPTS,
        _run=opened.encode,
    )


def _open_sentence_transformer(name: str, threads: int) -> Encoder:
    with quiet():
        import torch
        from sentence_transformers import SentenceTransformer

        folder = _local_folder(name)
        try:
            model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(
                f"encoder {name!r} is not a sentence-transformers model: {error}"
            ) from error
    torch.set_num_threads(threads)
    dimension = model.get_embedding_dimension()
    if dimension is None:
        raise ModelError(f"encoder {name!r} does not say how long its vectors are")

    def run(texts: Sequence[str]) -> Batches:
        vectors = model.encode(
            list(texts), prompt="", normalize_embeddings=True, show_progress_bar=False
        )
        yield list(range(len(texts))), np.asarray(vectors, np.float32)

    return Encoder(
        name=name,
        fingerprint=fingerprint_of(name),
        dimension=dimension,
        _prompts={kind: model.prompts.get(kind) or "" for kind in ("query", "document")},
        _run=run,
    )


def _local_folder(name: str) -> Path:
    """Return the folder of a model on this machine; the network is never asked."""
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError) as error:
        raise ModelError(
            f"encoder {name!r} is neither a folder nor a model kept on this machine: fetch it "
            "where there is a network, and give its folder as `encoder` in folio.toml"
        ) from error


def _folder_digest(folder: Path) -> str:
    """Return a sha256 over the names and bytes of a model's files."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith((".", "README")):
            digest.update(path.relative_to(folder).as_posix().encode())
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _rounded(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return vectors.astype(np.float16).astype(np.float32)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the libraries' progress bars, load reports and deprecations off the terminal."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
