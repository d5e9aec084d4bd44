class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.moment = 1_000_000.0

    def __call__(self) -> float:
        return self.moment

    def pass_(self, seconds: float) -> None:
        self.moment += seconds
