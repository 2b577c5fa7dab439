"""The factors that Spark's ALS starts from, number for number: a search by either way then takes the same path.

Spark draws each user's row from the normal distribution and scales it to length one, with a generator of its own
(org.apache.spark.util.random.XORShiftRandom, seeded by MurmurHash3) under Java's polar method (java.util.Random).
Movies' first factors are never read: the first half-step solves the movies.

The generator is linear over bits, so a step, or any number of steps, is a matrix of 64 words. The sequence is doubled
by that matrix until it is long enough, instead of being walked.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from movie_lakehouse.model.bayes.features import Floats

Words = NDArray[np.uint64]

_WORD: Final = (1 << 64) - 1
_HALF: Final = (1 << 32) - 1
_ARRAY_SEED: Final = 0x3C074A61
_SWAP: Final = 0x9E3775CD9E3775CD


def first_user_factors(user_ids: NDArray[np.integer], rank: int, seed: int, n_blocks: int) -> Floats:
    """What Spark's ALS gives the users before its first half-step, shape (users, rank).

    Args:
        user_ids: ascending.
        rank: factors a row.
        seed: of the estimator.
        n_blocks: its number of user blocks; each has a sequence of its own.
    """
    drawn = _next_long(seed)
    factors = np.empty((len(user_ids), rank))
    for block in range(n_blocks):
        members = np.flatnonzero(user_ids % n_blocks == block)
        normal = gaussians(_swapped(drawn ^ block), len(members) * rank).reshape(-1, rank)
        factors[members] = normal / np.linalg.norm(normal, axis=1, keepdims=True)
    return factors


def gaussians(seed: int, n: int) -> NDArray[np.float32]:
    """The generator's first n normal numbers for a seed of 64 bits.

    >>> [round(float(number), 4) for number in gaussians(5, 3)]
    [1.5298, 0.2517, -0.0754]
    """
    # A pair in four is turned away, and each takes four words: two words and a half a number, and some to spare.
    words = _words(seed, int(2.7 * n) + 1024)
    words = words[: len(words) // 4 * 4].reshape(-1, 4)
    first, second = 2 * _uniform(words[:, 0], words[:, 1]) - 1, 2 * _uniform(words[:, 2], words[:, 3]) - 1
    squares = first * first + second * second
    kept = (squares < 1) & (squares > 0)
    scale = np.sqrt(-2 * np.log(squares[kept]) / squares[kept])
    pairs = np.stack([first[kept] * scale, second[kept] * scale], axis=1)
    return pairs.ravel()[:n].astype(np.float32)


def _uniform(high: Words, low: Words) -> Floats:
    """Java's nextDouble: 26 bits and 27 bits as a number from 0 to 1."""
    bits = (high & np.uint64((1 << 26) - 1)) * np.uint64(1 << 27) + (low & np.uint64((1 << 27) - 1))
    return np.asarray(bits * 2.0**-53, dtype=np.float64)


def _words(seed: int, n: int) -> Words:
    """The generator's first states, at least n."""
    states = _step(np.array([_hashed(seed)], dtype=np.uint64))
    ahead = _step(np.uint64(1) << np.arange(64, dtype=np.uint64))
    while len(states) < n:
        states = np.concatenate([states, _applied(ahead, states)])
        ahead = _applied(ahead, ahead)
    return states


def _step(states: Words) -> Words:
    """One step of the generator."""
    states = states ^ (states << np.uint64(21))
    states = states ^ (states >> np.uint64(35))
    return states ^ (states << np.uint64(4))


def _applied(matrix: Words, states: Words) -> Words:
    """The product of a matrix over bits, given by its 64 columns, with each state."""
    product = np.zeros_like(states)
    for bit, column in enumerate(matrix):
        product ^= column * ((states >> np.uint64(bit)) & np.uint64(1))
    return product


def _next_long(seed: int) -> int:
    """The generator's first long for this seed, as 64 bits: two signed halves, added."""
    high, low = (int(word) & _HALF for word in _words(seed, 2)[:2])
    return ((high << 32) + low - ((low >> 31) << 32)) & _WORD


def _hashed(seed: int) -> int:
    """The generator's first state: MurmurHash3 of the seed's bytes, twice."""
    data = (seed & _WORD).to_bytes(8, "big")
    low = _murmur3(data, _ARRAY_SEED)
    return _murmur3(data, low) << 32 | low


def _murmur3(data: bytes, seed: int) -> int:
    """MurmurHash3 (Appleby), 32 bits, of whole words."""
    state = seed
    for place in range(0, len(data), 4):
        word = int.from_bytes(data[place : place + 4], "little")
        word = _rotated(word * 0xCC9E2D51 & _HALF, 15) * 0x1B873593 & _HALF
        state = (_rotated(state ^ word, 13) * 5 + 0xE6546B64) & _HALF
    state ^= len(data)
    state = (state ^ state >> 16) * 0x85EBCA6B & _HALF
    state = (state ^ state >> 13) * 0xC2B2AE35 & _HALF
    return state ^ state >> 16


def _rotated(word: int, bits: int) -> int:
    """A word of 32 bits rotated to the left."""
    return (word << bits | word >> 32 - bits) & _HALF


def _swapped(word: int) -> int:
    """Scala's byteswap64, by which a block's seed is made."""
    product = word * _SWAP & _WORD
    return int.from_bytes(product.to_bytes(8, "little"), "big") * _SWAP & _WORD
