"""What counts for a sentence, beside its own cosine and its passage's, and how much.

In units of a cosine. All but the amendment's, the dateline's and the last were fitted together, to
the papers of made-up partnerships and to public questions; docs/measurements.md has what that
changed, and training/weigh.py is the fit.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights.

    Attributes:
        relevance: for the reader's logit of "this passage answers", where it is above nought.
        margin: for how its best span in the sentence stands to "nowhere in the passage".
        mass: for the log probability that the answer starts and ends in the sentence.
        close: for the logit of "this answers" of the sentence read closely.
        same_language: what a sentence in the question's own language has ahead: less than a better
            answer, more than the difference between translations.
        of_the_kind: what one that has a thing of the kind asked for has ahead of one that hasn't.
        lacks_names: what a document has behind that lacks the question's names, which others have.
        lacks_numbers: the same for its numbers.
        lacks_amendment: what a document has behind that isn't the amendment that is asked about.
        document: for how near a document's next sentences are.
        dateline: what a line has behind that only dates its document: a reader takes that date for
            the date of what the document tells, and for much else.
        near: what a document has ahead that the turn before was answered from.
    """

    relevance: float = 0.01
    margin: float = 0.005
    mass: float = 0.01
    close: float = 0.01
    same_language: float = 0.02
    of_the_kind: float = 0.1
    lacks_names: float = 0.1
    lacks_numbers: float = 0.2
    lacks_amendment: float = 0.05
    document: float = 0.1
    dateline: float = 0.25
    near: float = 0.05


WEIGHTS: Final = Weights()
