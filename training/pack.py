"""Write a checkpoint as the file that ships: `python -m training.pack WORK/reader.pt OUT.npz`.

Of several checkpoints of one descent the mean of their weights is written: what a run of training
gained and what it forgot are evened out (Wortsman et al. 2022, "Model soups").
"""

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file

from index.encoder import prepare
from qa.span_model import pack, unpack
from training.network import PARTS, encoder_names

Floats = npt.NDArray[np.float32]


def write(checkpoints: list[Path], out: Path) -> None:
    """Pack what checkpoints, by their mean, have changed of the encoder."""
    every = [torch.load(path)["weights"] for path in checkpoints]
    trained = {name: sum(each[name] for each in every) / len(every) for name in every[0]}
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


def read(packed: Path) -> dict[str, torch.Tensor]:
    """Return the trained weights of a packed file by the network's names, to train on from."""
    differences, heads = unpack(packed)
    base = load_file(prepare() / "model.safetensors")
    merged = {
        place: base[place].float() + torch.from_numpy(values)
        for place, values in differences.items()
    }
    found = {name: torch.from_numpy(values) for name, values in heads.items()}
    for number in sorted({place.split(".")[2] for place in merged}, key=int):
        for part in PARTS:
            for kind in ("weight", "bias"):
                name = f"layers.{number}.{part}.{kind}"
                found[name] = torch.cat([merged[place] for place in encoder_names(name)])
    return found


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("out", type=Path)
    values = parser.parse_args()
    write(values.checkpoints, values.out)
    print(f"{values.out}: {values.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
