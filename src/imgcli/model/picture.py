"""Bytes that came back, and what is known about them."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens the provider says it used, by what is billed apart.

    Attributes:
        words_in, words_out: of the text model that a picture was asked through, which has prices of its own.
    """

    text_in: int
    image_in: int
    image_out: int
    text_out: int = 0
    words_in: int = 0
    words_out: int = 0


@dataclass(frozen=True, slots=True)
class Painted:
    """What a provider says of a picture whose bytes it has written to the easel.

    Attributes:
        usage: None when the answer held none that can be believed.
        request_id: the provider's, or empty.
        revised: the words the model says it used, or empty.
        free: True when the provider bills nothing for this picture, whatever the price table says.
        notes: oddities worth telling ("server sent 2 pictures, 1 was asked for").
        source_type: the IPTC DigitalSourceType of what was made: `trainedAlgorithmicMedia` or `algorithmicMedia`.
        raw_usage: the usage as it came, canonical JSON, for the ledger; empty if none.
    """

    usage: Usage | None = None
    request_id: str = ""
    revised: str = ""
    free: bool = False
    notes: tuple[str, ...] = ()
    source_type: str = "trainedAlgorithmicMedia"
    raw_usage: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole picture on disk, synced: shape in pixels (0 if its header hides it), SHA-256 in hex.

    `format` is the true one by its bytes: png, jpeg, webp, gif, svg or avif.
    """

    sha256: str
    size_bytes: int
    format: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Saved:
    """A picture under its final name, with its sidecar beside it."""

    path: Path
    sidecar: Path
    picture: Picture
