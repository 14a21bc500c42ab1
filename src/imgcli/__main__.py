"""`python -m imgcli`, and the script `imgcli`."""

import gc
import sys


def main() -> None:
    # A run leaves no garbage in circles (none in 1,000 pictures), and Python would look for some every 700 objects.
    gc.set_threshold(10_000)
    from imgcli.cli.app import run  # noqa: PLC0415 - what is imported here is paid by every start

    code = run()
    # What is still there goes with the process: looking through all of it for cycles would take longer than that.
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
