"""Money as an integer of nano-USD (1e-9 USD), so that half-price tokens stay exact. Never a float."""

from decimal import Context, Decimal, Inexact, InvalidOperation

NANO = 1_000_000_000
"""Nano-USD in one USD."""

MAX_USD = 1_000_000
"""A cap or price above this is a typing error, and keeps sums far inside SQLite's 64 bits."""


_WHOLE = Context(prec=64, traps=[Inexact])
"""Refuses to round: the usual context turns 1.00000000000000000000000000000000001 into 1."""


def parse_usd(text: str) -> int:
    """Nano-USD of what a person types: `5`, `0.25`, `$1.50`.

    Raises:
        ValueError: not a plain amount of dollars, negative, finer than 1e-9 or above MAX_USD.
    """
    if "_" in text:
        # Python reads 1_0 as ten; whoever typed it meant something else.
        raise ValueError(f"{text!r} is not an amount in dollars; type it without _, like 2.50")
    try:
        amount = Decimal(text.strip().removeprefix("$"))
    except InvalidOperation:
        raise ValueError(f"{text!r} is not an amount in dollars; type it like 2.50") from None
    if not amount.is_finite() or amount < 0 or amount > MAX_USD:
        raise ValueError(f"{text!r} is not an amount from 0 to {MAX_USD:,} dollars")
    try:
        return int(_WHOLE.quantize(amount.scaleb(9, _WHOLE), Decimal(1)))
    except Inexact:
        raise ValueError(f"{text!r} is finer than a nano-dollar (9 decimals)") from None


def format_usd(nano: int) -> str:
    """Dollars for a table: at least 2 and at most 4 decimals, rounded half up (`$0.0527`, `$12.00`)."""
    sign = "-" if nano < 0 else ""
    whole, rest = divmod((abs(nano) + 50_000) // 100_000, 10_000)
    decimals = f"{rest:04d}"
    if decimals.endswith("00"):
        decimals = decimals[:2]
    if not whole and not rest and nano:
        return f"{sign}<$0.0001"
    return f"{sign}${whole:,}.{decimals}"


def exact_usd(nano: int) -> str:
    """Dollars to the last nano, at least 2 decimals and no exponent, for JSON and logs: `0.052695`, `2.50`."""
    whole, _, decimals = f"{Decimal(nano) / NANO:f}".partition(".")
    return f"{whole}.{decimals:0<2}"
