"""Writes blocks_stress.json: blocks of schema impflow-oracle-blocks-v1 that are hard on solvers, computed with 200 bits.

Near-singular I + J (symmetric negative Jacobians, or random nets whose last layer is scaled until a singular value is
0.02), coefficient 0.999, inputs up to 1e3, activations before the first layer, d up to 8. Derivatives are central
differences of step 2^-60 through a root that is solved anew, so they are good to 2^-110. Needs numpy and mpmath.
"""

import json
import math
import sys

import numpy as np
from mpmath import mp, mpf

mp.prec = 200
rng = np.random.default_rng(7)
TWO_PI = 2 * mp.pi
H = mpf(2) ** -60


def swish_parts(t, raw):
    b = mp.log(1 + mp.exp(raw))
    s = 1 / (1 + mp.exp(-b * t))
    return t * s / mpf("1.1"), (s + t * b * s * (1 - s)) / mpf("1.1")


def act(name, t, raw):
    """Value and slope."""
    if name == "sin":
        return mp.sin(TWO_PI * t) / TWO_PI, mp.cos(TWO_PI * t)
    if name == "tanh":
        y = mp.tanh(t)
        return y, 1 - y * y
    if name == "elu":
        return (t, mpf(1)) if t > 0 else (mp.expm1(t), mp.exp(t))
    if name == "swish":
        return swish_parts(t, raw)
    if name == "lcube":
        return (t**3 / 3, t * t) if abs(t) < 1 else (t - mp.sign(t) * mpf(2) / 3, mpf(1))
    if name == "softplus":
        return mp.log1p(mp.exp(t)), 1 / (1 + mp.exp(-t))
    raise ValueError(name)


def dot(row, v):
    return mp.fdot(zip(row, v))


def net(g, x):
    """Value and Jacobian rows of a net at x."""
    d = len(x)
    h, jac = list(x), [[mpf(int(i == j)) for j in range(d)] for i in range(d)]
    betas = iter(g["beta"])

    def activate(h, jac):
        raw = next(betas) if g["act"] == "swish" else None
        pairs = [act(g["act"], t, raw) for t in h]
        return [p[0] for p in pairs], [[p[1] * e for e in row] for p, row in zip(pairs, jac)]

    if g["preact"]:
        h, jac = activate(h, jac)
    for i, (W, b) in enumerate(g["layers"]):
        cols = list(zip(*jac))
        h = [dot(row, h) + bias for row, bias in zip(W, b)]
        jac = [[dot(row, col) for col in cols] for row in W]
        if i < len(g["layers"]) - 1:
            h, jac = activate(h, jac)
    return h, jac


def lu_solve(m, rhs):
    return list(mp.lu_solve(mp.matrix(m), mp.matrix(rhs)))


def plus_identity(jac):
    return [[e + int(i == j) for j, e in enumerate(row)] for i, row in enumerate(jac)]


def logdet(jac):
    return mp.log(abs(mp.det(mp.matrix(plus_identity(jac)))))


def root(g, y, start):
    """z with z + g(z) = y: damped Newton, then Newton to the last bit."""
    z = list(start)
    if g is None:
        return y
    for _ in range(400):
        v, jac = net(g, z)
        f = [a + b - c for a, b, c in zip(z, v, y)]
        size = mp.norm(f)
        if size < mpf(2) ** -185 * (1 + mp.norm(z)):
            return z
        step = lu_solve(plus_identity(jac), f)
        t = mpf(1)
        while True:
            trial = [a - t * s for a, s in zip(z, step)]
            v2, _ = net(g, trial)
            if mp.norm([a + b - c for a, b, c in zip(trial, v2, y)]) <= (1 - t / 4) * size or t < mpf(2) ** -40:
                break
            t /= 2
        z = trial
    raise RuntimeError("no root")


def forward(gx, gz, x, start):
    vx, jx = net(gx, x)
    y = [a + b for a, b in zip(x, vx)]
    z = root(gz, y, start if start is not None else y)
    ld = logdet(jx)
    if gz is not None:
        ld -= logdet(net(gz, z)[1])
    return z, ld


def lift(g):
    return None if g is None else {
        "act": g["act"], "preact": g["preact"], "beta": [mpf(float(b)) for b in g["beta"]],
        "layers": [([[mpf(float(e)) for e in row] for row in W], [mpf(float(e)) for e in b]) for W, b in g["layers"]],
    }


def slots(g):
    """Every number of a net as (list, index) in the order layers (W row-major, b), beta."""
    out = []
    for W, b in g["layers"]:
        out += [(row, j) for row in W for j in range(len(row))] + [(b, j) for j in range(len(b))]
    return out + [(g["beta"], j) for j in range(len(g["beta"]))]


def shaped(g, values):
    it = iter(values)
    layers = [{"W": [[float(next(it)) for _ in row] for row in W], "b": [float(next(it)) for _ in b]} for W, b in g["layers"]]
    return {"layers": layers, "beta": [float(next(it)) for _ in g["beta"]]}


def objectives(z, ld):
    half = mp.fdot(zip(z, z)) / 2
    return ld + half, half + len(z) * mp.log(2 * mp.pi) / 2 - ld


def block(name, act_name, gx, gz, xs, notes):
    d = xs.shape[1]
    g_x, g_z = lift(gx), lift(gz)
    points = [[mpf(float(e)) for e in row] for row in xs]
    results = [forward(g_x, g_z, x, None) for x in points]
    z = [r[0] for r in results]

    def rows_objectives():
        pairs = [objectives(*forward(g_x, g_z, x, zz)) for x, zz in zip(points, z)]
        return mp.fsum(p[0] for p in pairs), mp.fsum(p[1] for p in pairs)

    def along(place, index):
        old = place[index]
        place[index] = old + H
        up = rows_objectives()
        place[index] = old - H
        down = rows_objectives()
        place[index] = old
        return [(a - b) / (2 * H) for a, b in zip(up, down)]

    def gradients(g):
        pairs = [along(*slot) for slot in slots(g)]
        return [shaped(g, [p[k] for p in pairs]) for k in (0, 1)]

    grads = [{"value": 0.0}, {"value": 0.0}]
    gx_grads = gradients(g_x)
    gz_grads = [None, None] if g_z is None else gradients(g_z)
    x_grads = []
    for i, x in enumerate(points):
        row = []
        for j in range(d):
            old = x[j]
            pair = []
            for sign in (1, -1):
                x[j] = old + sign * H
                pair.append(objectives(*forward(g_x, g_z, x, z[i])))
            x[j] = old
            row.append([(a - b) / (2 * H) for a, b in zip(*pair)])
        x_grads.append(row)
    total = rows_objectives()
    for k in (0, 1):
        grads[k] = {"value": float(total[k]), "g_x": gx_grads[k], "g_z": gz_grads[k],
                    "x": [[float(e[k]) for e in row] for row in x_grads]}

    def smallest(g, at):
        if g is None:
            return None
        return min(float(min(np.linalg.svd(np.array(plus_identity(net(g, p)[1]), dtype=float))[1])) for p in at)

    zf = [[float(e) for e in row] for row in z]
    rounded = [[mpf(e) for e in row] for row in zf]
    inverse = []
    for x, zz in zip(points, rounded):
        y = zz if g_z is None else [a + b for a, b in zip(zz, net(g_z, zz)[0])]
        inverse.append([float(e) for e in root(g_x, y, x)])

    def written(g):
        return None if g is None else {
            "layers": [{"W": np.asarray(W).tolist(), "b": np.asarray(b).tolist()} for W, b in g["layers"]],
            "beta": [float(b) for b in g["beta"]], "preact": g["preact"],
            "spectral_norms": [float(np.linalg.norm(W, 2)) for W, _ in g["layers"]],
        }

    out = {
        "name": name, "kind": "resflow" if gz is None else "impflow", "d": d, "activation": act_name, "notes": notes,
        "g_x": written(gx), "g_z": written(gz), "x": xs.tolist(), "z": zf,
        "logdet": [float(r[1]) for r in results],
        "logp": [float(-objectives(*r)[1]) for r in results],
        "inverse_x": inverse,
        "min_singular_value_I_plus_Jgx": smallest(g_x, points), "min_singular_value_I_plus_Jgz": smallest(g_z, z),
        "grad_L": grads[0], "grad_nll": grads[1],
    }
    print(name, out["min_singular_value_I_plus_Jgx"], out["min_singular_value_I_plus_Jgz"],
          [math.prod(g["spectral_norms"]) for g in (out["g_x"], out["g_z"]) if g], file=sys.stderr, flush=True)
    return out


def random_net(act_name, widths, coefficient, preact):
    layers = []
    for n, m in zip(widths, widths[1:]):
        W = rng.standard_normal((m, n))
        layers.append((W * (coefficient / np.linalg.norm(W, 2)), 0.3 * rng.standard_normal(m)))
    count = len(layers) - (0 if preact else 1)
    beta = rng.standard_normal(count).tolist() if act_name == "swish" else []
    return {"act": act_name, "layers": layers, "beta": beta, "preact": preact}


def steep_net(act_name, d, width, norm):
    """-W' act(W x) with |W|^2 = norm: a symmetric negative Jacobian, as steep as allowed at 0."""
    q = np.linalg.qr(rng.standard_normal((max(width, d), d)))[0][:width]
    W = q * math.sqrt(norm) / np.linalg.norm(q, 2)
    return {"act": act_name, "layers": [(W, np.zeros(width)), (-W.T.copy(), 0.1 * rng.standard_normal(d))], "beta": [], "preact": False}


def made_singular(g, points, target):
    """Scales the last layer until the smallest singular value of I + J over the points is the target."""
    W, b = g["layers"][-1]

    def smallest(s):
        h = dict(g, layers=g["layers"][:-1] + [(W * s, b)])
        return min(min(np.linalg.svd(np.array(plus_identity(net(lift(h), [mpf(float(e)) for e in p])[1]), dtype=float))[1]) for p in points)

    s = 1.0
    while smallest(s) > target:
        s *= 1.01
    low, high = s / 1.01, s
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if smallest(middle) > target else (low, middle)
    return dict(g, layers=g["layers"][:-1] + [(W * low, b)])


def points(n, d, scale=1.0):
    return scale * rng.standard_normal((n, d))


near0 = np.concatenate([1e-2 * points(1, 3), points(2, 3)])
blocks = [
    block("imp_stress_tanh_d3", "tanh", steep_net("tanh", 3, 6, 0.98), steep_net("tanh", 3, 6, 0.98), near0,
          "slope of both nets near -0.98 at 0"),
    block("imp_stress_sin_far_d2", "sin", random_net("sin", [2, 8, 2], 0.999, False), random_net("sin", [2, 8, 2], 0.999, False),
          np.array([[1e3, -1e3], [-731.25, 12.0], [0.5, 999.0], [0.1, -0.2]]), "coefficient 0.999, far inputs"),
    block("imp_stress_swish_preact_d8", "swish", random_net("swish", [8, 8, 8], 0.999, True), random_net("swish", [8, 8, 8], 0.999, True),
          points(2, 8, 3.0), "activation before the first layer"),
    block("imp_stress_lcube_preact_d2", "lcube", random_net("lcube", [2, 6, 6, 2], 0.999, True),
          random_net("lcube", [2, 6, 6, 2], 0.999, True), np.array([[0.5, -0.7], [1.5, -2.5], [-400.0, 300.0]]), "far and near inputs"),
    block("imp_stress_softplus_preact_d4", "softplus", random_net("softplus", [4, 7, 4], 0.999, True),
          random_net("softplus", [4, 7, 4], 0.999, True), np.concatenate([points(2, 4), points(1, 4, 100.0)]), "one-sided slopes"),
    block("imp_stress_elu_far_d1", "elu", random_net("elu", [1, 5, 1], 0.999, True), random_net("elu", [1, 5, 1], 0.999, False),
          np.array([[1000.0], [-1000.0], [0.25], [-3.0]]), "d = 1"),
]
g = random_net("swish", [5, 8, 5], 0.99, True)
at = points(3, 5)
blocks.append(block("res_stress_swish_preact_d5", "swish", made_singular(g, at, 0.02), None, at,
                    "last layer scaled until a singular value of I + J is 0.02: no contraction is proved"))
gx, gz = random_net("tanh", [3, 6, 6, 3], 0.99, False), random_net("tanh", [3, 6, 6, 3], 0.99, True)
gx, gz = [dict(g, layers=g["layers"][:-1] + [(1.5 * g["layers"][-1][0], g["layers"][-1][1])]) for g in (gx, gz)]
blocks.append(block("imp_stress_tanh_unproved_d3", "tanh", gx, gz, points(3, 3),
                    "contractions, but the product of the norms is 1.46"))
far = 40.0 * points(4, 2)
blocks.append(block("imp_stress_sin_steep_far_d2", "sin", steep_net("sin", 2, 4, 0.98), steep_net("sin", 2, 4, 0.98), np.concatenate([far, [[1e3, -1e3]]]),
                    "slopes to -0.98 in waves, far inputs"))
json.dump({"schema": "impflow-oracle-blocks-v1", "blocks": blocks}, sys.stdout)
