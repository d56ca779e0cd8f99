"""Runs exported modules: a list of {path, x, noise} as JSON on standard input, what they compute on standard output."""
import importlib.util
import json
import sys

import torch


def load(path):
    spec = importlib.util.spec_from_file_location("exported", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def gradient_error(flow, x):
    """Relative difference of the gradient along one direction, in points and all parameters, from a central difference."""
    torch.manual_seed(1)
    moving = [x.clone().requires_grad_()] + list(flow.parameters())
    directions = [torch.randn_like(t) / t.numel() ** 0.5 for t in moving]
    flow.log_prob(moving[0]).sum().backward()
    slope = sum((t.grad * d).sum() for t, d in zip(moving, directions) if t.grad is not None)
    step, values = 1e-5, []
    with torch.no_grad():
        for by in (step, -2 * step):
            for t, d in zip(moving, directions):
                t += by * d
            values.append(flow.log_prob(moving[0]).sum())
        for t, d in zip(moving, directions):
            t += step * d
    difference = (values[0] - values[1]) / (2 * step)
    return ((slope - difference).abs() / slope.abs().clamp(min=1)).item()


def results(job):
    module = load(job["path"])
    flow = module.Flow()
    x, noise = (torch.tensor(job[name], dtype=torch.float64) for name in ("x", "noise"))
    with torch.no_grad():
        z, log_density, converged = flow(x)
        samples, sampled = flow.sample(noise)
        broken = flow(torch.cat([x[:1], torch.full_like(x[:1], float("nan"))]))
    return {
        "z": z.tolist(),
        "logDensity": log_density.tolist(),
        "samples": samples.tolist(),
        "converged": bool(converged.all() and sampled.all()),
        "nanAlone": [bool(broken[2][0]), abs((broken[1][0] - log_density[0]).item())],
        "gradientError": gradient_error(flow, x),
        "float32": [str(t.dtype) for t in module.Flow(torch.float32)(x.float())[:2]],
    }


print(json.dumps([results(job) for job in json.load(sys.stdin)]))
