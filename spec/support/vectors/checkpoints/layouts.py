"""Writes small checkpoints in the layouts of the authors' training scripts, and their truths, independently of impflow.

    python3 layouts.py      # beside this file: made_*.pth and made.json; needs torch >= 1.10 (Debian: python3-torch)

Weights are random. Truths are float64: W_eff = W / max(1, (u . W v) / coeff) from the stored numbers, Jacobians by
automatic differentiation, roots by Newton's method. Layouts and names follow the checkpoints beside this file, which the
authors' own code wrote.
"""
import argparse
import collections
import json
import math
import os
import sys
import types

import torch

HERE = os.path.dirname(os.path.abspath(__file__))
torch.set_default_dtype(torch.float64)
torch.manual_seed(7)

ACTIVATIONS = {
    "sin": lambda t, beta: torch.sin(2 * math.pi * t) / (2 * math.pi),
    "tanh": lambda t, beta: torch.tanh(t),
    "elu": lambda t, beta: torch.nn.functional.elu(t),
    "swish": lambda t, beta: t * torch.sigmoid(t * torch.nn.functional.softplus(beta)) / 1.1,
    "lcube": lambda t, beta: torch.where(t.abs() < 1, t**3 / 3, t - torch.sign(t) * 2 / 3),
    "softplus": lambda t, beta: torch.nn.functional.softplus(t, threshold=200),
    "identity": lambda t, beta: t,
}


def linear(state, name, size, out, steps, scale):
    weight = torch.randn(out, size) * scale / math.sqrt(size)
    u, v = torch.randn(out), torch.randn(size)
    v = v / v.norm()
    for _ in range(max(1, steps)):
        u = weight @ v / (weight @ v).norm()
        v = weight.T @ u / (weight.T @ u).norm()
    state[name + ".weight"] = weight
    state[name + ".bias"] = torch.randn(out) * 0.3
    state[name + ".scale"] = torch.tensor(1.0)
    state[name + ".u"], state[name + ".v"] = u, v


def net(state, name, widths, act, leading, steps, scale):
    at = 0
    for i, (size, out) in enumerate(zip(widths[:-1], widths[1:])):
        if i > 0 or leading:
            if act == "swish":
                state[f"{name}.{at}.beta"] = torch.randn(1)
            at += 1
        linear(state, f"{name}.{at}", size, out, steps, scale)
        at += 1


def chain(kind, modules, widths, act, leading=False, prefix="chain.", steps=30, scale=1.5, dtype=torch.float32):
    """modules: letters, a for an ActNorm, b for a block."""
    state = collections.OrderedDict()
    d = widths[0]
    for k, letter in enumerate(modules):
        name = f"{prefix}{k}"
        if letter == "a":
            state[name + ".weight"], state[name + ".bias"] = torch.randn(d) * 0.4, torch.randn(d) * 0.5
            state[name + ".initialized"] = torch.tensor(1)
            continue
        state[name + ".lamb"] = torch.tensor(2.0)
        for extra in ("last_n_samples", "last_firmom", "last_secmom"):
            state[f"{name}.{extra}"] = torch.zeros(1)
        nets = ["nnet_x", "nnet_z"] if kind == "implicit" else ["nnet"]
        for which in nets:
            net(state, f"{name}.{which}", widths, act, leading, steps, scale)
        for which in nets if kind == "implicit" else []:
            net(state, f"{name}.{which}_copy", widths, act, leading, steps, scale)
    typed = collections.OrderedDict((k, v if v.dtype == torch.int64 else v.to(dtype)) for k, v in state.items())
    for k, letter in enumerate(modules):
        if letter == "b" and kind != "implicit":
            typed[f"{prefix}{k}.geom_p"] = torch.tensor(-0.0)
    return typed


def evaluate(state, coeff, act, points):
    """z, log-determinant and log-density of every point."""
    state = {name.split("chain.", 1)[1]: tensor.to(torch.float64) for name, tensor in state.items()}
    modules = sorted({int(name.split(".")[0]) for name in state})

    def g(name):
        places = sorted({int(key[len(name) :].split(".")[0]) for key in state if key.startswith(name)})
        last = max(i for i in places if f"{name}{i}.weight" in state)

        def apply(x):
            for i in range(last + 1):
                if f"{name}{i}.weight" in state:
                    w, u, v = (state[f"{name}{i}.{part}"] for part in ("weight", "u", "v"))
                    w = w / torch.clamp(torch.dot(u, w @ v) / coeff, min=1)
                    x = w @ x + state[f"{name}{i}.bias"]
                else:
                    x = ACTIVATIONS[act](x, state.get(f"{name}{i}.beta"))
            return x

        return apply

    def slopes(f, x):
        return torch.eye(len(x)) + torch.autograd.functional.jacobian(f, x)

    results = []
    for x in points:
        x, total = torch.tensor(x), torch.tensor(0.0)
        for k in modules:
            if f"{k}.initialized" in state:
                x, total = (x + state[f"{k}.bias"]) * state[f"{k}.weight"].exp(), total + state[f"{k}.weight"].sum()
                continue
            implicit = f"{k}.nnet_x.0.weight" in state or f"{k}.nnet_x.1.weight" in state
            gx = g(f"{k}.nnet_x." if implicit else f"{k}.nnet.")
            total = total + torch.linalg.slogdet(slopes(gx, x))[1]
            x = x + gx(x)
            if implicit:
                gz, y, z = g(f"{k}.nnet_z."), x, x
                for _ in range(200):
                    z = z - gz(z) - z + y  # the contraction's own iteration first, then Newton's method
                for _ in range(5):
                    z = z - torch.linalg.solve(slopes(gz, z), z + gz(z) - y)
                assert (z + gz(z) - y).norm() < 1e-13 * (1 + z.norm())
                total = total - torch.linalg.slogdet(slopes(gz, z))[1]
                x = z
        logp = -0.5 * (x * x).sum() - 0.5 * len(x) * math.log(2 * math.pi) + total
        results.append((x.tolist(), total.item(), logp.item()))
    return results


def awkward(state):
    """The same numbers, stored as hardly anybody does: transposed, as parts of one storage, and every other one of many."""
    stored = collections.OrderedDict()
    pool = torch.cat([v.flatten() for v in state.values() if v.dtype == torch.float64])
    at = 0
    for i, (name, tensor) in enumerate(state.items()):
        if tensor.dtype != torch.float64:
            stored[name] = tensor
            continue
        shared = pool[at : at + tensor.numel()].reshape(tensor.shape)
        at += tensor.numel()
        if i % 3 == 0:
            stored[name] = shared
        elif i % 3 == 1 and tensor.dim() == 2:
            stored[name] = tensor.T.contiguous().T
        else:
            double = torch.zeros(tensor.shape + (2,))
            double[..., 0] = tensor
            stored[name] = double[..., 0]
    return stored


class Module(torch.nn.Module):
    """A class that whoever reads the file does not have."""

    def __init__(self, state):
        super().__init__()
        self.values = torch.nn.ParameterList([torch.nn.Parameter(v) for v in state.values() if v.is_floating_point()])


class ExponentialMovingAverage:
    def __init__(self, module, state):
        self.module, self.decay = module, 0.999
        self.shadow_params = {k.replace("module.", ""): v.clone() * 0.5 for k, v in state.items() if k.endswith(("weight", "bias", "beta"))}


def main():
    library = types.ModuleType("lib_layers")
    for of in (Module, ExponentialMovingAverage):
        of.__module__ = "lib_layers"
        setattr(library, of.__name__, of)
    sys.modules["lib_layers"] = library
    truths = []

    def save(name, state, act, coeff, d, legacy=False, args=True, ema=False, location=None, **given):
        options = argparse.Namespace(act=act, coeff=coeff, data="checkerboard", n_lipschitz_iters=5, lr=1e-3, resume=None)
        content = {"args": options, "state_dict": state} if args else state
        if ema:
            content["ema"] = ExponentialMovingAverage(Module(state), state)
            content["optimizer_state_dict"] = {"state": {0: {"step": 3}}, "param_groups": [{"betas": (0.9, 0.99)}]}
        tag = torch.serialization.location_tag
        if location is not None:
            torch.serialization.location_tag = lambda storage: location
        torch.save(content, os.path.join(HERE, name), _use_new_zipfile_serialization=not legacy)
        torch.serialization.location_tag = tag
        points = (torch.randn(6, d) * 2).tolist()
        z, logdet, logp = zip(*evaluate(state, coeff, act, points))
        truths.append({"file": name, "x": points, "z": z, "logdet": logdet, "logp": logp, "given": given})

    swish = chain("resflow", "abb", [2, 8, 8, 2], "swish")
    save("made_res_swish_actnorm.pth", swish, "swish", 0.9, 2)
    save("made_res_swish_actnorm_legacy.pth", swish, "swish", 0.9, 2, legacy=True)
    sine = chain("implicit", "bb", [2, 8, 8, 2], "sin", prefix="module.chain.")
    save("made_imp_sin_ema_legacy.pth", sine, "sin", 0.95, 2, legacy=True, ema=True)
    save("made_imp_sin_cuda.pth", sine, "sin", 0.95, 2, location="cuda:0")
    save("made_imp_sin_cuda_legacy.pth", sine, "sin", 0.95, 2, legacy=True, location="cuda:1")
    double = chain("implicit", "abaaba", [3, 5, 7, 4, 3], "tanh", leading=True, dtype=torch.float64)
    save("made_imp_tanh_awkward.pth", awkward(double), "tanh", 0.8, 3)
    save("made_imp_tanh_awkward_legacy.pth", awkward(double), "tanh", 0.8, 3, legacy=True)
    save("made_imp_swish_leading.pth", chain("implicit", "ab", [4, 6, 4], "swish", leading=True), "swish", 0.9, 4)
    save("made_res_elu_line.pth", chain("resflow", "bbba", [1, 9, 1], "elu"), "elu", 0.97, 1)
    save("made_res_lcube_half.pth", chain("resflow", "ba", [5, 6, 6, 5], "lcube", dtype=torch.float16), "lcube", 0.9, 5)
    save("made_imp_softplus_brain.pth", chain("implicit", "b", [2, 6, 2], "softplus", dtype=torch.bfloat16), "softplus", 0.9, 2)
    save("made_res_linear.pth", chain("resflow", "bb", [3, 3], "identity"), "identity", 0.9, 3)
    bare = chain("implicit", "b", [2, 5, 2], "elu")
    save("made_bare_elu.pth", bare, "elu", 0.9, 2, args=False, activation="elu", coefficient=0.9)
    # One step of power iteration leaves norms above the coefficient: the certified bound is not below 1.
    loose = chain("implicit", "ab", [2, 40, 40, 40, 2], "sin", steps=1, scale=1.7)
    save("made_imp_uncertified.pth", loose, "sin", 0.999, 2)
    with open(os.path.join(HERE, "made.json"), "w") as file:
        json.dump(truths, file)


if __name__ == "__main__":
    main()
