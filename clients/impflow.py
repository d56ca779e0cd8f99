"""One ImpFlow or ResFlow block for `impflow conform`, with numpy only. The protocol is in docs/protocol.md."""
import json
import sys
import numpy as np

TAU = 2 * np.pi
ACTIVATIONS = ["sin", "tanh", "elu", "swish", "lcube", "softplus"]
flow = {}
def activate(name, t, raw):
    """Value, slope and curvature of an activation at t."""
    b = np.logaddexp(0, raw) if name == "swish" else 1
    s, y, c, low = 0.5 * (1 + np.tanh(0.5 * b * t)), np.tanh(t), np.clip(t, -1, 1), np.minimum(t, 0)
    p, slope = s * (1 - s), (1 - y) * (1 + y)
    return {
        "sin": lambda: (np.sin(TAU * t) / TAU, np.cos(TAU * t), -TAU * np.sin(TAU * t)),
        "tanh": lambda: (y, slope, -2 * y * slope),
        "elu": lambda: (np.where(t > 0, t, np.expm1(low)), np.exp(low), np.where(t > 0, 0, np.exp(low))),
        "lcube": lambda: (c**3 / 3 + (t - c), c * c, np.where(abs(t) < 1, 2 * t, 0)),
        "softplus": lambda: (np.logaddexp(0, t), s, p),
        "swish": lambda: (t * s / 1.1, (s + b * t * p) / 1.1, b * (2 * p + b * t * p * (1 - 2 * s)) / 1.1),
    }[name]()

def run(net, x):
    """g(x), its Jacobian, and the stages passed: Jacobian up to there, Jacobian of the stage, curvature if any."""
    h, J, betas, stages = x, np.eye(len(x)), iter(net.get("beta") or []), []
    for i, (W, b) in enumerate(net["pairs"]):
        if i > 0 or net.get("preact"):
            h, slope, curvature = activate(flow["activation"], h, next(betas, 0.0))
            stages.append((J, np.diag(slope), curvature))
            J = slope[:, None] * J
        stages.append((J, W, 0))
        h, J = W @ h + b, W @ J
    return h, J, stages
def pull(net, x, u, s):
    """The gradient of u.g(x) + s ln det(I + J(x)) in x: tr((I + J)^-1 dJ) is collected at every activation."""
    _, J, stages = run(net, x)
    M = s * np.linalg.inv(np.eye(len(x)) + J)
    for R, D, curvature in reversed(stages):
        u, M = D.T @ u + (np.einsum("ij,ji->i", R, M) * curvature if np.ndim(curvature) else 0), M @ D
    return u
def root(net, y):
    """The v with v + g(v) = y: Newton's method with halved steps, until rounding lets nothing improve."""
    residual, v, t = lambda v: v + run(net, v)[0] - y, y, 1.0
    while t > 1e-3:
        F, t = residual(v), 1.0
        step = np.linalg.solve(np.eye(len(y)) + run(net, v)[1], F)
        while t > 1e-3 and not np.linalg.norm(residual(v - t * step)) < np.linalg.norm(F):
            t /= 2
        v = v - t * step if t > 1e-3 else v
    if not np.linalg.norm(F) <= 1e-10 * (1 + np.linalg.norm(y)):
        raise ArithmeticError("no root was found")
    return v

def vjp(x, u, s):
    """The gradient of u.z + s log_det in x, through z as an implicit function."""
    gz, z = flow["g_z"], forward(x)
    y = np.linalg.solve(np.eye(len(x)) + run(gz, z)[1].T, u + pull(gz, z, 0 * u, -s))
    return y + pull(flow["g_x"], x, y, s)

half = lambda net, x: np.linalg.slogdet(np.eye(len(x)) + run(net, x)[1])[1]
forward = lambda x: root(flow["g_z"], x + run(flow["g_x"], x)[0])
inverse = lambda z: root(flow["g_x"], z + run(flow["g_z"], z)[0])
log_det = lambda x: half(flow["g_x"], x) - half(flow["g_z"], forward(x))
log_prob = lambda x: log_det(x) - (forward(x) @ forward(x) + len(x) * np.log(TAU)) / 2
MAPS = {"forward": ("z", forward, "x"), "inverse": ("x", inverse, "z"), "sample": ("x", inverse, "noise"),
        "log_det": ("log_det", log_det, "x"), "log_prob": ("log_prob", log_prob, "x"),
        "vjp": ("x", vjp, "x", "cotangent_z", "cotangent_log_det")}

def finite(given, shape):
    a = np.array(given, dtype=float) if len(given) else np.zeros(shape)
    if a.ndim != len(shape) or a.shape[1:] != shape[1:] or not np.isfinite(a).all():
        raise ValueError(f"expected finite numbers of shape {shape}, 0 for any")
    return a

def load(block):
    zero = {"layers": [{"W": np.zeros((block["d"], block["d"])), "b": np.zeros(block["d"])}]}
    made = {**block, "g_z": block.get("g_z") or zero}  # a ResFlow block
    for net in (made["g_x"], made["g_z"]):
        net["pairs"] = [(finite(p["W"], (0, len(p["W"][0]))), finite(p["b"], (0,))) for p in net["layers"]]
    flow.update(made)

def answer(q):
    if q["op"] == "describe":
        return {"protocol": 1, "name": "impflow.py", "capabilities": ["load", *MAPS], "activations": ACTIVATIONS}
    if q["op"] == "load":
        return load(q["block"]) or {}
    result, f, *names = MAPS[q["op"]]
    given = [finite(q[n], (0,) if n == "cotangent_log_det" else (0, flow["d"])) for n in names]
    return {result: [f(*point).tolist() for point in zip(*given, strict=True)]}

for line in sys.stdin:
    reply = {"id": None, "ok": True}
    try:
        request = json.loads(line)
        reply["id"] = request["id"]
        reply.update(answer(request))
    except Exception as error:
        reply.update(ok=False, error=f"{type(error).__name__}: {error}")
    print(json.dumps(reply, allow_nan=False), flush=True)
