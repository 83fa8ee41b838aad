"""NumPy's side of the benchmark of data: reads a table of images as numpy.loadtxt does. Argument: the file. Prints one
JSON object, its seconds and the most memory that the process held."""

import json
import resource
import sys
import time

import numpy as np

start = time.perf_counter()
table = np.loadtxt(sys.argv[1], dtype=np.uint8, delimiter=",", skiprows=1)
seconds = time.perf_counter() - start
assert table.shape == (42_000, 785)
print(json.dumps({"seconds": seconds, "residentBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
