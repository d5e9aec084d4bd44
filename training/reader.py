"""Train the reader: `python -m training.reader --data ../shared/data --work WORK --minutes 60`.

Goes on from WORK/reader.pt where there is one, with a new draw of the mixture, and writes it every
few minutes. The learning rate falls in a straight line over the minutes (or --steps) of a run.
"""

import argparse
import math
import time
from pathlib import Path
from typing import Any, Final

import torch
from torch.nn import functional

from index.encoder import prepare
from index.runtime import open_tokenizer
from training.corpus import read_corpus
from training.mixture import SOURCES, Mixture
from training.network import ReaderNetwork
from training.pack import read
from training.windows import Batch, batches

FROZEN: Final = 4
_RATE: Final = 1.5e-4
_HEAD_RATE: Final = 7.5e-4
_DECAY: Final = 0.01
_WARM_STEPS: Final = 60
_SAVE_S: Final = 480
_IMPOSSIBLE: Final = -1e4


class Masters:
    """The trained weights in float32; the network computes with their bfloat16 copies."""

    def __init__(self, network: ReaderNetwork) -> None:
        self.working = [each for each in network.parameters() if each.requires_grad]
        self.exact = [each.detach().float().clone() for each in self.working]
        head = {
            id(each) for part in (network.head, network.relevance) for each in part.parameters()
        }
        groups = []
        for rate, own in ((_RATE, False), (_HEAD_RATE, True)):
            chosen = [
                exact
                for exact, each in zip(self.exact, self.working, strict=True)
                if (id(each) in head) == own
            ]
            groups.append({"params": chosen, "lr": rate, "initial_lr": rate})
        self.optimizer = torch.optim.AdamW(
            groups, betas=(0.9, 0.98), weight_decay=_DECAY, fused=True
        )

    def step(self, share: float) -> float:
        """Take a step at this share of the full rate; return the gradient's norm."""
        for exact, each in zip(self.exact, self.working, strict=True):
            exact.grad = each.grad.float() if each.grad is not None else None
            each.grad = None
        norm = torch.nn.utils.clip_grad_norm_(self.exact, 1.0)
        for group in self.optimizer.param_groups:
            group["lr"] = group["initial_lr"] * share
        self.optimizer.step()
        self.copy()
        return float(norm)

    def copy(self) -> None:
        """Give the network the weights."""
        with torch.no_grad():
            for exact, each in zip(self.exact, self.working, strict=True):
                each.copy_(exact)


def losses(network: ReaderNetwork, batch: Batch) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return the losses of spans, of relevance in a group, and of relevance by itself.

    A span's loss is the logarithm of the probability of all its right starts (ends) together, so
    that where only the sentence is known any place in it is right.
    """
    logits, relevance = network(batch.ids, batch.mask)
    logits = logits.masked_fill(batch.mask.unsqueeze(-1) == 0, _IMPOSSIBLE)
    log_probability = logits.log_softmax(1)
    spans = torch.zeros(())
    for column, right in enumerate((batch.starts, batch.ends)):
        chosen = log_probability[..., column].masked_fill(~right, _IMPOSSIBLE)
        spans = spans - (chosen.logsumexp(1) * batch.located).sum() / 2
    spans = spans / batch.located.sum().clamp(min=1)
    alone = functional.binary_cross_entropy_with_logits(relevance, batch.relevant)
    within = torch.zeros(())
    for group in batch.groups:
        within = within - relevance[list(group)].log_softmax(0)[0]
    return spans, within / max(1, len(batch.groups)), alone


def train(
    data: Path,
    work: Path,
    minutes: float,
    steps: int | None,
    seed: int,
    packed: Path | None = None,
    rate: float = 1.0,
) -> None:
    """Train for some minutes, or for a number of steps.

    Args:
        packed: where to start if there is no checkpoint; None: at the encoder.
        rate: the share of the full learning rate to begin with, to end an earlier run sooner.
    """
    torch.manual_seed(seed)
    folder = prepare()
    network = ReaderNetwork(folder, FROZEN)
    network.train()
    masters = Masters(network)
    path = work / "reader.pt"
    done = 0
    if path.exists():
        state = torch.load(path)
        done = state["steps"]
        for exact, name in zip(masters.exact, _names(network), strict=True):
            exact.copy_(state["weights"][name])
        masters.optimizer.load_state_dict(state["optimizer"])
        masters.copy()
    elif packed:
        weights = read(packed)
        for exact, name in zip(masters.exact, _names(network), strict=True):
            if name in weights:
                exact.copy_(weights[name])
        masters.copy()
    mixture = Mixture(read_corpus(data, SOURCES), data, work)
    stream = batches(mixture.groups(seed + done), open_tokenizer(folder), seed + done)
    started = saved = time.monotonic()
    windows, totals = 0, torch.zeros(3)
    for step, batch in enumerate(stream, 1):
        elapsed_s = time.monotonic() - started
        progress = step / steps if steps else elapsed_s / (60 * minutes)
        if progress >= 1:
            break
        parts = losses(network, batch)
        (parts[0] + parts[1] + 0.5 * parts[2]).backward()
        masters.step(rate * min(step / _WARM_STEPS, 1.0) * (1 - progress))
        windows += len(batch.ids)
        totals = 0.98 * totals + 0.02 * torch.tensor([float(part.detach()) for part in parts])
        if step % 20 == 0:
            means = totals / (1 - math.pow(0.98, step))
            print(
                f"step {done + step} progress {progress:.3f} windows {windows} "
                f"{windows / elapsed_s:.1f}/s span {means[0]:.3f} within {means[1]:.3f} "
                f"alone {means[2]:.3f}",
                flush=True,
            )
        if time.monotonic() - saved > _SAVE_S:
            saved = time.monotonic()
            save(path, network, masters, done + step)
    save(path, network, masters, done + step)


def save(path: Path, network: ReaderNetwork, masters: Masters, steps: int) -> None:
    """Write a checkpoint."""
    weights = dict(zip(_names(network), masters.exact, strict=True))
    state: dict[str, Any] = {
        "weights": weights,
        "optimizer": masters.optimizer.state_dict(),
        "steps": steps,
        "frozen": network.frozen,
    }
    unfinished = path.with_suffix(".unfinished")
    torch.save(state, unfinished)
    unfinished.rename(path)


def load(path: Path) -> ReaderNetwork:
    """Return the network of a checkpoint, ready to be asked."""
    state = torch.load(path)
    network = ReaderNetwork(prepare(), state["frozen"])
    network.load_state_dict(state["weights"], strict=False)
    return network.eval()


def _names(network: ReaderNetwork) -> list[str]:
    return [name for name, each in network.named_parameters() if each.requires_grad]


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, help="a packed reader to train on from")
    parser.add_argument("--rate", type=float, default=1.0, help="share of the learning rate")
    parser.add_argument("--threads", type=int, default=2)
    values = parser.parse_args()
    torch.set_num_threads(values.threads)
    train(
        values.data,
        values.work,
        values.minutes,
        values.steps,
        values.seed,
        values.start,
        values.rate,
    )


if __name__ == "__main__":
    main()
