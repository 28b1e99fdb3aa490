"""One case taken once by one model."""

from dataclasses import dataclass

from evals.suites import AnyCase, Suite


@dataclass(frozen=True)
class Trial:
    """`ordinal` counts the times that the same case is taken, from 1 on."""

    model: str
    suite: Suite
    case: AnyCase
    ordinal: int

    @property
    def key(self) -> str:
        """What this trial is called wherever it is kept."""
        return f"{self.model}|{self.suite.split}/{self.suite.label}/{self.case.name}#{self.ordinal}"

    @property
    def place(self) -> str:
        """The same without the model."""
        return self.key.partition("|")[2]
