"""Write a checkpoint as the file that ships: `python -m training.pack WORK/reader.pt OUT.npz`."""

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file

from index.encoder import prepare
from qa.span_model import pack
from training.network import encoder_names

Floats = npt.NDArray[np.float32]


def write(checkpoint: Path, out: Path) -> None:
    """Pack what a checkpoint has changed of the encoder."""
    trained = torch.load(checkpoint)["weights"]
    base = load_file(prepare() / "model.safetensors")
    differences: dict[str, Floats] = {}
    heads: dict[str, Floats] = {}
    for name, values in trained.items():
        if not name.startswith("layers."):
            heads[name] = values.numpy()
            continue
        places = encoder_names(name)
        for place, part in zip(places, values.chunk(len(places)), strict=True):
            differences[place] = (part - base[place].float()).numpy()
    pack(differences, heads, out)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    values = parser.parse_args()
    write(values.checkpoint, values.out)
    print(f"{values.out}: {values.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
