"""`python -m imgcli`, and the script `imgcli`."""

import sys


def main() -> None:
    from imgcli.cli.app import run  # noqa: PLC0415 - what is imported here is paid by every start

    sys.exit(run())


if __name__ == "__main__":
    main()
