"""A mask in the words of other servers: where OpenAI has transparent pixels, they have white ones, or black ones."""

import warnings
from io import BytesIO

from PIL import Image

from imgcli.errors import AttemptError, Money
from imgcli.providers.openai.options import WHITE


def converted(mask: bytes, name: str, change: str) -> bytes:
    """A grey PNG of the same size with `change` (white or black) where `mask`, a PNG, is fully transparent.

    Raises:
        AttemptError: it cannot be decoded; nothing was sent. `name` is what the user calls it.
    """
    levels = [255, *[0] * 255] if change == WHITE else [0, *[255] * 255]
    out = BytesIO()
    try:
        with warnings.catch_warnings():
            # Larger than Pillow likes is what it was allowed to be when it was looked at.
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(mask), formats=("PNG",)) as opened:
                opened.convert("RGBA").getchannel("A").point(levels).save(out, "PNG")
    except Exception as error:
        # Decoders fail in any way on bytes of strangers; Pillow's own limit against bombs is among them.
        raise AttemptError(
            f"{name} cannot be turned into a {change} mask ({type(error).__name__}: {error}); nothing was sent, "
            "nothing is billed; save it anew as PNG with an alpha channel",
            money=Money.VOID,
            code="input-unreadable",
        ) from error
    return out.getvalue()
