"""Runs a lane for about as long as it is told, by lines `<lane> <milliseconds>` on stdin, and answers with JSON.

The clock is read around the call alone; the sums, to be compared, are those of the second half of each array. Between two commands it sleeps in its read; it ends with its input. One
thread computes: the libraries of linear algebra are told so before they are loaded.
"""

import importlib
import json
import os
import sys
import time
from importlib.metadata import version
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
sys.path.insert(0, str(Path(__file__).parent / "lib"))

LIBRARIES = ("TA-Lib", "numpy", "hmmlearn")
# The module with the lanes whose names begin so; each is loaded, and its data made, when it is first asked for.
FAMILIES = {"talib": "indicators", "lanes": "lanes", "hmmlearn": "regimes", "numpy": "risk"}
LANES = {}


def lane(name):
    family = name.split("-")[0]
    if family not in FAMILIES:
        raise KeyError(name)
    if name not in LANES:
        LANES.update(importlib.import_module(FAMILIES[family]).lanes())
    return LANES[name]


def run(name, milliseconds):
    function, elements = lane(name)
    results = function()
    calls = 0
    seconds = 0.0
    while seconds * 1000 < milliseconds:
        begin = time.perf_counter()
        results = function()
        seconds += time.perf_counter() - begin
        calls += 1
    sums = [half(array) for array in arrays_of(results)]
    return {"lane": name, "elements": elements, "calls": calls, "seconds": seconds, "sums": sums}


def arrays_of(results):
    """What a call returned, as arrays: of many series, tables with a row a bar."""
    if isinstance(results, list):
        return importlib.import_module("lanes").rows(results)
    return results if isinstance(results, tuple) else (results,)


def half(array):
    """The sum of the second half, without its NaN."""
    second = array[len(array) // 2 :]
    return float(second[second == second].sum())


def answer(command):
    words = command.split()
    if words == ["lanes"]:
        return {"lanes": sorted(FAMILIES), "version": {library: version(library) for library in LIBRARIES}}
    try:
        name, milliseconds = words
        return run(name, float(milliseconds))
    except (KeyError, ValueError) as error:
        return {"error": f"no lane {error}"}


for line in sys.stdin:
    print(json.dumps(answer(line)), flush=True)
