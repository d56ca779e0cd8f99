"""Single operations by NumPy and PyTorch, timed where they run. JSON lines: one request in, one answer out.

    {"load": {"library": "numpy", "operation": "matmul", "precision": "float32", "threads": 1, "inputs": [{"shape", "values"}]}}
    {"answer": id}                    -> {"values": [...]}
    {"measure": id, "seconds": 1.0}   -> {"ms": [...]}
"""
import json
import sys
import time

import numpy

OPERATIONS = {
    "numpy": {
        "matmul": lambda a, b: a @ b,
        "multiply": lambda a, b: a * b,
        "sine": lambda x: numpy.sin(x),
        "rowSums": lambda x: x.sum(1),
    },
    "torch": {
        "matmul": lambda a, b: a @ b,
        "multiply": lambda a, b: a * b,
        "sine": lambda x: x.sin(),
        "rowSums": lambda x: x.sum(1),
    },
}
TASKS = []


def load(request):
    arrays = [
        numpy.array(given["values"], dtype=request["precision"]).reshape(given["shape"]) for given in request["inputs"]
    ]
    if request["library"] == "torch":
        import torch

        torch.set_num_threads(request["threads"])
        arrays = [torch.from_numpy(array) for array in arrays]
    TASKS.append((OPERATIONS[request["library"]][request["operation"]], arrays))
    return {"id": len(TASKS) - 1}


def measure(operation, arrays, seconds):
    times, end = [], time.perf_counter() + seconds
    while not times or time.perf_counter() < end:
        begin = time.perf_counter()
        operation(*arrays)
        times.append(1000 * (time.perf_counter() - begin))
    return times


for line in sys.stdin:
    request = json.loads(line)
    if "load" in request:
        answer = load(request["load"])
    elif "answer" in request:
        operation, arrays = TASKS[request["answer"]]
        answer = {"values": operation(*arrays).reshape(-1).tolist()}
    else:
        operation, arrays = TASKS[request["measure"]]
        answer = {"ms": measure(operation, arrays, request["seconds"])}
    print(json.dumps(answer), flush=True)
