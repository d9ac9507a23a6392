"""Random draws that are the same on every machine and in every Python from 3.11 on."""

import math
import random
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A stream of draws named by its key; streams with different keys know nothing of each other.

    All draws come from `random.Random(text).random()`, whose sequence the standard library promises to keep.
    Its other methods may change between versions, and so did `sum` of floats in 3.12.

    Args:
        key: what the stream is for, e.g. `7, "enrolled", 3, "calendar"`.

    Examples:
        >>> first, again = Chance(7, "labs"), Chance(7, "labs")
        >>> first.unit() == again.unit()
        True
    """

    def __init__(self, *key: object) -> None:
        """Start the stream of this key."""
        self._random = random.Random("/".join(map(str, key)))  # noqa: S311 - to be repeatable, not secret

    def unit(self) -> float:
        """A number in [0, 1)."""
        return self._random.random()

    def happens(self, probability: float) -> bool:
        """True as often as `probability` says.

        Examples:
            >>> Chance("a coin").happens(1.0), Chance("a coin").happens(0.0)
            (True, False)
        """
        return self.unit() < probability

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both possible.

        Examples:
            >>> sorted({Chance("die", throw).between(1, 3) for throw in range(50)})
            [1, 2, 3]
        """
        return low + int(self.unit() * (high - low + 1))

    def normal(self, mean: float = 0.0, sd: float = 1.0) -> float:
        """A nearly normal number: twelve uniform ones added up, so that no library's logarithm is asked."""
        return mean + sd * (math.fsum(self.unit() for _ in range(12)) - 6)

    def clock(self, first: str, last: str) -> str:
        """A time of day as `HH:MM`, from the first to the last minute.

        Examples:
            >>> Chance("any").clock("09:05", "09:05")
            '09:05'
        """
        low, high = (int(time[:2]) * 60 + int(time[3:]) for time in (first, last))
        minute = self.between(low, high)
        return f"{minute // 60:02}:{minute % 60:02}"

    def pick(self, items: Sequence[T]) -> T:
        """One of the items.

        Examples:
            >>> Chance("any").pick(["only"])
            'only'
        """
        return items[self.between(0, len(items) - 1)]

    def weighted(self, items: Sequence[T], weights: Sequence[float]) -> T:
        """One of the items, each as often as its weight says.

        Examples:
            >>> Chance("any").weighted(["never", "always"], [0.0, 1.0])
            'always'
        """
        left = self.unit() * math.fsum(weights)
        for item, weight in zip(items, weights, strict=True):
            left -= weight
            if left < 0:
                return item
        return items[-1]

    def in_random_order(self, items: Sequence[T]) -> Iterator[T]:
        """The items, each once; only those asked for are drawn.

        Examples:
            >>> sorted(Chance("deck").in_random_order("cab"))
            ['a', 'b', 'c']
        """
        left = list(items)
        while left:
            place = self.between(0, len(left) - 1)
            left[place], left[-1] = left[-1], left[place]
            yield left.pop()
