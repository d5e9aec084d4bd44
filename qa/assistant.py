"""A question in, an answer out: find, read, quote, and say so where the documents don't.

`Assistant.open(library).ask(question)` is all of Folio without a shell.
"""

import threading
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from documents import Span, detect
from documents.document import Layer
from index.errors import LibraryError
from index.library import Library
from index.limited import Allows
from index.rows import DocumentRow
from index.search import Result, Searcher
from index.within import Within
from qa import confidence
from qa.agreement import rival
from qa.answer import Answer, Quote, quote_from
from qa.citations import Source, follow
from qa.close_reading import default_reader
from qa.conversation import Dependence, carry, dependence, language_of
from qa.evidence import Evidence, gather
from qa.logs import noted
from qa.names import missing_names
from qa.quoting import Choice, choose, with_rival
from qa.reading import Reader, Reading
from qa.strings import refusal
from qa.trace import Trace

MAX_QUESTION_CHARS: Final = 1000
# So many earlier questions are asked again, where they come as text.
_TURNS: Final = 3


class Assistant:
    """A library, open for questions. Safe to call from several threads.

    A generation that is committed while it is open is noticed at the next question.
    """

    def __init__(
        self,
        library: Library,
        reader: Reader | None = None,
        searcher: Searcher | None = None,
    ) -> None:
        self.library = library
        self._searcher = searcher or Searcher.open(library)
        self._reader = reader or default_reader()
        self._reopening = threading.Lock()

    @classmethod
    def open(cls, library: Library | Path | str | None = None) -> "Assistant":
        """Open a library by its folder; the default one where none is given.

        Raises:
            LibraryError: there is no such library, or no index.
            IndexCorrupt: the index isn't what was committed.
            ModelError: the encoder can't be had, or isn't the one that the index was built with.
        """
        return cls(library if isinstance(library, Library) else Library.open(library))

    def limited(self, allows: Allows) -> "Assistant":
        """Return an assistant for which only documents whose path is allowed are there."""
        return _Limited(self, allows)

    def searcher(self) -> Searcher:
        """Return the current generation's searcher; keep it for as long as a question lasts."""
        if self._searcher.stale(self.library):
            with self._reopening:
                if self._searcher.stale(self.library):
                    self._searcher = Searcher.open(self.library, self._searcher.encoder)
        return self._searcher

    def ask(
        self,
        question: str,
        history: Sequence[str | Answer] = (),
        within: Within | None = None,
    ) -> Answer:
        """Answer a question in the documents' own words, or abstain.

        Args:
            history: earlier turns of the conversation, the last one last: answers, or questions
                as text, which are asked first where they are needed.
            within: the limits of the search; outside of them nothing is looked at.

        Raises:
            LibraryError: the question is empty or too long.
            QuoteError: a quote isn't in its source.
        """
        return self.trace(question, history, within).answer

    def trace(
        self,
        question: str,
        history: Sequence[str | Answer] = (),
        within: Within | None = None,
    ) -> Trace:
        """Answer a question, and return all that led to the answer with it.

        Raises:
            LibraryError, QuoteError: as `ask`.
        """
        with noted("question", {"question": question}) as facts:
            traced = self._trace(question, history, within)
            answer = traced.answer
            facts |= {"language": answer.language, "status": answer.status}
            facts |= {"quotes": len(answer.quotes), "generation": answer.generation}
            facts["elapsed_ms"] = answer.elapsed_ms
        return traced

    def _trace(
        self, question: str, history: Sequence[str | Answer], within: Within | None
    ) -> Trace:
        started = time.monotonic()
        question = checked(question)
        searcher = self.searcher()
        evidence, weighed = self._understand(searcher, question, history, within)
        features = confidence.features(evidence) if evidence.readings else {}
        sure = confidence.confidence(features) if features else 0.0
        threshold = confidence.calibration().threshold
        answered = sure >= threshold
        listed = answered and evidence.listed
        choices = choose(evidence.readings, self.library.settings.quotes, listed)
        differing = (
            rival(evidence.readings, evidence.kind, evidence.names())
            if answered and not listed
            else None
        )
        choices = with_rival(choices, differing)
        quotes = tuple(_quotes(searcher, choices, sure))
        wording = evidence.wording
        missing = () if answered else missing_names(searcher, evidence)
        answer = Answer(
            question=question,
            language=evidence.language,
            status="answered" if answered else "abstained",
            confidence=round(sure, 4),
            quotes=quotes if answered else (),
            reason=None if answered else refusal(evidence.language, missing),
            nearest=() if answered else quotes,
            generation=searcher.generation.manifest.number,
            elapsed_ms=round((time.monotonic() - started) * 1000),
            sources_differ=differing is not None,
            understood=wording.searched if wording else None,
        )
        return Trace(answer, evidence, features, choices, threshold, missing, weighed)

    def _understand(
        self,
        searcher: Searcher,
        question: str,
        history: Sequence[str | Answer],
        within: Within | None,
    ) -> tuple[Evidence, tuple[float, float] | None]:
        """Return the evidence for a question, or for what it means after the turns before.

        A doubtful follow-up is looked for in both ways, and the surer one is taken; both
        confidences are returned then.
        """
        before = self._last_turn(question, history)
        if before is None:
            return gather(searcher, self._reader, question, within=within), None
        language = language_of(question, before.language)
        depends = dependence(question, language)
        wordings = carry(question, before, language) if depends else []
        if not wordings:
            return gather(searcher, self._reader, question, within=within), None
        carried = max(
            (
                gather(searcher, self._reader, question, wording=wording, within=within)
                for wording in wordings
            ),
            key=_sureness,
        )
        if depends is Dependence.SURE:
            return carried, None
        plain = gather(searcher, self._reader, question, within=within)
        weighed = (_sureness(plain), _sureness(carried))
        return (plain if weighed[0] > weighed[1] else carried), weighed

    def _last_turn(self, question: str, history: Sequence[str | Answer]) -> Answer | None:
        """Return the last turn's answer, None where it isn't needed to understand the question."""
        turns = list(history)[-_TURNS:]
        if not turns:
            return None
        last = turns[-1]
        language = language_of(question, detect(last) if isinstance(last, str) else last.language)
        if dependence(question, language) is Dependence.NONE:
            return None
        before: Answer | None = None
        for turn in turns:
            before = self.ask(turn, [before] if before else []) if isinstance(turn, str) else turn
        return before

    def search(self, text: str, limit: int = 10, within: Within | None = None) -> Result:
        """Return the passages nearest to a text.

        Raises:
            LibraryError: the text is empty or too long.
        """
        started = time.monotonic()
        searcher = self.searcher()
        evidence = gather(searcher, self._reader, checked(text), limit, within=within)
        return Result(
            query=text,
            hits=tuple(evidence.ranked()[:limit]),
            generation=searcher.generation.manifest.number,
            elapsed_ms=round((time.monotonic() - started) * 1000),
        )

    def documents(self) -> list[DocumentRow]:
        """Return the table of documents, by path."""
        return self.searcher().generation.store.documents()

    def layer(self, document: str, page: int) -> Layer | None:
        """Return the words that were recognised on a page; None where its text is its own."""
        return self.searcher().generation.store.layer(document, page)

    def source(
        self, passage_key: str, start: int | None = None, end: int | None = None
    ) -> Source | None:
        """Return what a permanent link cites, wherever it is now; None where it never was here.

        Args:
            start, end: characters of the text that was cited; the whole passage where not given.

        Raises:
            LibraryError: these characters don't lie in that text.
            RecordsError: the passage isn't in the index, and records.sqlite can't be read.
        """
        return follow(self.library, self.searcher().generation.store, passage_key, start, end)

    def source_of(self, document: str) -> Source | None:
        """Return a document opened at its first passage, None where there is none."""
        store = self.searcher().generation.store
        rows = store.passages_of(document)
        text = store.text(document) if rows else None
        return Source(rows[0], text) if text is not None else None


class _Limited(Assistant):
    """An assistant that has only some of another's documents, and follows its generations."""

    def __init__(self, whole: Assistant, allows: Allows) -> None:
        self._whole, self._allows = whole, allows
        self._of = whole.searcher()
        super().__init__(whole.library, whole._reader, self._of.limited(allows))

    def searcher(self) -> Searcher:
        """Return the searcher of the other's current generation, limited."""
        of = self._whole.searcher()
        if of is not self._of:
            with self._reopening:
                if of is not self._of:
                    # In this order: who reads between the two finds the old pair.
                    self._searcher, self._of = of.limited(self._allows), of
        return self._searcher


def checked(question: str) -> str:
    """Return a question as it is asked: one line, each letter with its marks one character.

    What is typed or pasted on a Mac may have the marks apart, which no rule's words have.

    Raises:
        LibraryError: it is empty or too long.
    """
    # Half a character, as JSON can have it, is none that a model or SQLite takes.
    whole = question.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    line = unicodedata.normalize("NFC", " ".join(whole.split()))
    if not line:
        raise LibraryError("the question is empty")
    if len(line) > MAX_QUESTION_CHARS:
        raise LibraryError(
            f"the question has {len(line)} characters, {MAX_QUESTION_CHARS} are the most"
        )
    return line


def _sureness(evidence: Evidence) -> float:
    return confidence.confidence(confidence.features(evidence)) if evidence.readings else 0.0


def _quotes(searcher: Searcher, choices: Sequence[Choice], sure: float) -> list[Quote]:
    """Cut the chosen places out of their documents, and the versions of each with it."""
    best = max((choice.reading.score for choice in choices), default=0.0)

    def cut(reading: Reading, place: Span, span: Span) -> Quote:
        passage = reading.hit.passage
        text = searcher.generation.store.text(passage.document) or ""
        # A quote that scores less than the best is as much less sure.
        score = sure * max(0.0, 1 - (best - reading.score))
        return quote_from(text, place, span, passage, score)

    return [
        replace(
            cut(choice.reading, choice.place, choice.answering.span),
            versions=tuple(
                cut(version, version.sentence, version.span) for version in choice.versions
            ),
        )
        for choice in choices
    ]
