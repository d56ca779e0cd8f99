"""A small ImpFlow in PyTorch for `impflow conform`, into which a bug can be planted: python3 torch_flow.py [BUG].

Roots by Picard's iteration, then Newton's, without derivatives; the implicit function theorem attaches them afterwards.
Bugs: picard (the iteration stops at a change of 1e-8), float32 (roots in single precision), sign (the log-determinant of
g_z is added), detached (the log-determinant of g_z takes z for a constant), base (the density's constant is left out).
"""
import json
import math
import sys

import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
BUG = sys.argv[1] if len(sys.argv) > 1 else None
TAU = 2 * math.pi
ACTIVATIONS = {
    "sin": lambda t, _: torch.sin(TAU * t) / TAU,
    "tanh": lambda t, _: torch.tanh(t),
    "elu": lambda t, _: torch.where(t > 0, t, torch.expm1(t.clamp(max=0))),
    "swish": lambda t, raw: t * torch.sigmoid(t * torch.nn.functional.softplus(raw, threshold=1e3)) / 1.1,
    "lcube": lambda t, _: torch.where(t.abs() < 1, t**3 / 3, t - torch.sign(t) * 2 / 3),
    "softplus": lambda t, _: torch.logaddexp(t, torch.zeros_like(t)),
}
flow = {}


def net(side, x):
    """g at rows x. shape [n d] -> [n d]"""
    of = flow[side]
    if of is None:
        return 0 * x
    act, betas, h = ACTIVATIONS[flow["activation"]], list(of["beta"]), x
    for i, (W, b) in enumerate(of["layers"]):
        if i > 0 or of["preact"]:
            h = act(h, betas.pop(0) if betas else None)
        h = h @ W.to(h.dtype).T + b.to(h.dtype)
    return h


def jacobian(side, x, graph=True):
    """I + J of g at rows x. shape [n d] -> [n d d]"""
    eye = torch.eye(x.shape[1], dtype=x.dtype)
    if flow[side] is None:
        return eye.repeat(len(x), 1, 1)
    with torch.enable_grad():
        at = x if x.requires_grad else x.detach().requires_grad_()
        g = net(side, at)
        rows = [torch.autograd.grad(g[:, i].sum(), at, create_graph=graph, retain_graph=True)[0] for i in range(x.shape[1])]
    return eye + torch.stack(rows, 1)


def root(side, y):
    """The v with v + g(v) = y, without derivatives."""
    y = y.detach()
    if BUG == "float32":
        y = y.float()
    with torch.no_grad():
        v = y
        for _ in range(1000 if BUG == "picard" else 60):
            v, last = y - net(side, v), v
            if BUG == "picard" and len(v) > 0 and (v - last).abs().max() < 1e-8:
                return v
        size = lambda at: (at + net(side, at) - y).norm(dim=1, keepdim=True)
        v = torch.where(size(v) < size(y), v, y)  # what is no contraction is left to Newton's method
        for _ in range(0 if BUG == "picard" else 100):
            F = v + net(side, v) - y
            step = torch.linalg.solve(jacobian(side, v, graph=False).detach(), F)
            t, better = torch.ones(len(v), 1, dtype=v.dtype), torch.zeros(len(v), 1, dtype=torch.bool)
            for _ in range(12):
                trial = v - t * step
                better = size(trial) < size(v)
                t = torch.where(better, t, t / 2)
            if not better.any():
                break
            v = torch.where(better, v - t * step, v)
        if (size(v) > (1e-4 if BUG == "float32" else 1e-7) * (1 + y.norm(dim=1, keepdim=True))).any():
            raise ArithmeticError("no root was found")
    return v.double()


def through(there, back, x):
    """The v with v + g_back(v) = x + g_there(x), with its derivatives."""
    y = x + net(there, x)
    v = root(back, y)
    F = v + net(back, v) - y
    return v - torch.linalg.solve(jacobian(back, v, graph=False).detach(), (F - F.detach()))


def log_det(x, z):
    at = z.detach() if BUG == "detached" else z
    half = [torch.linalg.slogdet(jacobian(side, v))[1] for side, v in (("g_x", x), ("g_z", at))]
    return half[0] + half[1] if BUG == "sign" else half[0] - half[1]


def rows(given, shape):
    a = torch.tensor(given, dtype=torch.float64) if len(given) else torch.zeros(shape)
    if a.dim() != len(shape) or a.shape[1:] != torch.Size(shape[1:]) or not a.isfinite().all():
        raise ValueError(f"expected finite numbers of shape {shape}, 0 for any")
    return a


def load(block):
    made = {"activation": block["activation"], "d": block["d"]}
    for side in ("g_x", "g_z"):
        of = block.get(side)
        made[side] = of and {
            "preact": of.get("preact", False),
            "beta": [torch.tensor(b, requires_grad=True) for b in of.get("beta") or []],
            "layers": [tuple(torch.tensor(p[k], dtype=torch.float64, requires_grad=True) for k in "Wb") for p in of["layers"]],
        }
    flow.clear()
    flow.update(made)


def vjp(q, x, z, ld):
    u, s = rows(q["cotangent_z"], [0, flow["d"]]), rows(q["cotangent_log_det"], [0])
    sides = [side for side in ("g_x", "g_z") if q.get("weights") and flow[side]]
    weights = [w for side in sides for pair in flow[side]["layers"] for w in pair] + [b for side in sides for b in flow[side]["beta"]]
    grads = torch.autograd.grad((u * z).sum() + (s * ld).sum(), [x, *weights], allow_unused=True)
    of = {id(w): (torch.zeros_like(w) if g is None else g).tolist() for w, g in zip(weights, grads[1:])}
    parts = {side: {"layers": [{"W": of[id(W)], "b": of[id(b)]} for W, b in flow[side]["layers"]],
                    "beta": [of[id(b)] for b in flow[side]["beta"]]} for side in sides}
    return {"x": grads[0].tolist(), **parts}


def answer(q):
    op = q["op"]
    if op == "describe":
        can = ["load", "forward", "inverse", "log_det", "log_prob", "vjp", "vjp_weights", "sample"]
        return {"protocol": 1, "name": f"torch_flow{f' with {BUG}' if BUG else ''}", "capabilities": can, "activations": list(ACTIVATIONS)}
    if op == "load":
        return load(q["block"]) or {}
    if op in ("inverse", "sample"):
        z = rows(q["z" if op == "inverse" else "noise"], [0, flow["d"]])
        return {"x": through("g_z", "g_x", z).tolist()}
    if op not in ("forward", "log_det", "log_prob", "vjp"):
        raise ValueError(f"unknown operation {op}")
    x = rows(q["x"], [0, flow["d"]]).requires_grad_()
    z = through("g_x", "g_z", x)
    if op == "forward":
        return {"z": z.tolist()}
    ld = log_det(x, z)
    constant = 0 if BUG == "base" else flow["d"] * math.log(TAU) / 2
    return {"log_det": {"log_det": ld.tolist()}, "log_prob": {"log_prob": (ld - (z * z).sum(1) / 2 - constant).tolist()}}[op] if op != "vjp" else vjp(q, x, z, ld)


for line in sys.stdin:
    reply = {"id": None, "ok": True}
    try:
        question = json.loads(line)
        reply["id"] = question["id"]
        reply.update(answer(question))
    except Exception as error:
        reply.update(ok=False, error=f"{type(error).__name__}: {error}")
    print(json.dumps(reply, allow_nan=False), flush=True)
