"""CPU time of `imgcli --help` beside that of importing typer and rich, in turns; prints the ratio of each pair.

Run: .venv/bin/python bench/startup.py [ROUNDS]
"""

import resource
import statistics
import subprocess
import sys

IMGCLI = [sys.executable, "-m", "imgcli", "--help"]
BASE = [sys.executable, "-c", "import typer, rich.console"]


def cpu_seconds(command: list[str]) -> float:
    """User and system seconds of a whole process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    cpu_seconds(IMGCLI)
    cpu_seconds(BASE)
    pairs = [(cpu_seconds(IMGCLI), cpu_seconds(BASE)) for _ in range(rounds)]
    ratios = [ours / base for ours, base in pairs]
    for name, index in (("imgcli --help", 0), ("typer + rich", 1)):
        print(f"{name:16} {1000 * statistics.median(pair[index] for pair in pairs):6.0f} ms CPU, median")
    print(f"{'ratio':16} {statistics.median(ratios):6.2f}    min {min(ratios):.2f}, max {max(ratios):.2f}")


if __name__ == "__main__":
    main()
