"""How one question was answered: what each stage found. The ordinary path fills it.

Leaves out how it is shown; qa.explain does that.
"""

from dataclasses import dataclass

from qa.answer import Answer
from qa.evidence import Evidence
from qa.quoting import Choice


@dataclass(frozen=True, slots=True)
class Trace:
    """An answer with everything that led to it.

    Attributes:
        evidence: what was found and read.
        features: what confidence is reckoned from, by name; empty where nothing was read.
        choices: the places chosen to be quoted, best first.
        threshold: the confidence under which Folio abstains.
        missing: names of the question that no passage has; looked for where it abstains.
        weighed: confidence of a doubtful follow-up as it was typed and with what it carries.
    """

    answer: Answer
    evidence: Evidence
    features: dict[str, float]
    choices: list[Choice]
    threshold: float
    missing: tuple[str, ...]
    weighed: tuple[float, float] | None = None
