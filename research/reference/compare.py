"""Runs every comparison of this folder and prints the worst relative error of each function.

A development check, not a test: it needs numpy, scipy, mpmath, pandas, TA-Lib, hmmlearn, arch and scikit-learn, and a
built checkout. `V/bin/python research/reference/compare.py [topic …] [--json FILE]`; exits 1 when an error passes its
limit. A topic is a module here whose `rows()` gives, for each function, its oracle, error, limit and a note.
"""

import argparse
import importlib
import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).parent
PEERS = ["numpy", "scipy", "mpmath", "pandas", "TA-Lib", "hmmlearn", "arch", "statsmodels", "scikit-learn"]


def topics():
    """Every module of this folder that has rows."""
    names = sorted(path.stem for path in HERE.glob("*.py") if path.stem != "compare")
    return [name for name in names if "def rows(" in (HERE / f"{name}.py").read_text()]


def run(sources):
    """Prints the rows of all sources as one table. Returns them, and how many passed their limit."""
    found = [row for source in sources for row in source()]
    for row in found:
        verdict = "" if row["error"] <= row["limit"] else "   FAILS"
        note = f"   {row['note']}" if row["note"] else ""
        print(f"{row['function']:44} {row['oracle']:34} {row['error']:9.1e} ≤ {row['limit']:.0e}{verdict}{note}")
    failed = sum(not row["error"] <= row["limit"] for row in found)
    print(f"{len(found)} comparisons, {failed} beyond their limit")
    return found, failed


def finish(rows):
    """What a topic does when it is run by itself."""
    sys.exit(run([rows])[1] > 0)


def versions():
    known = {}
    for name in PEERS:
        try:
            known[name] = version(name)
        except PackageNotFoundError:
            pass
    return known


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("topics", nargs="*", metavar="topic", help=f"{', '.join(topics())}; default: all")
    parser.add_argument("--json", metavar="FILE", help="also write the rows there")
    options = parser.parse_args()
    sys.path.insert(0, str(HERE))
    found, failed = run([importlib.import_module(name).rows for name in options.topics or topics()])
    if options.json:
        text = json.dumps({"peers": versions(), "rows": found}, indent=1, ensure_ascii=False)
        Path(options.json).write_text(f"{text}\n")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
