"""Writes elementary.json: for each elementary function a list of [x, d], d the largest float64 at or below f(x).

The truth is computed with 2400 bits, so that neither cos(1e-300) nor tanh(700) rounds to 1. f(x) is not a float itself but at
x = 0 (and for ln x at 1), or lies beyond the floats, where d is 0, -5e-324, MAX or -Infinity. Points: random ones of several
ranges, neighbours of powers of two (binade edges), subnormals, large and huge arguments, floats next to multiples of pi/2,
and points, found by search, whose values are within about 1e-4 of a unit of a float, where a small error shows. Needs mpmath. To be run in this folder.
"""

import json
import math
import random
import sys

from mpmath import mp, mpf

mp.prec = 2400
rng = random.Random(20210503)
MAX = sys.float_info.max


def below(t):
    """Largest float at or below an mpf."""
    if t > MAX:
        return MAX
    if 0 < abs(t) < mpf(2) ** -1074:
        return 0.0 if t > 0 else -(2.0 ** -1074)
    f = float(t)
    while mpf(f) > t:
        f = math.nextafter(f, -math.inf)
    while mpf(math.nextafter(f, math.inf)) <= t:
        f = math.nextafter(f, math.inf)
    return f


def near(x, steps=2):
    """A float and its neighbours."""
    out = [x]
    a = b = x
    for _ in range(steps):
        a, b = math.nextafter(a, -math.inf), math.nextafter(b, math.inf)
        out += [a, b]
    return out


def uniform(lo, hi, n):
    return [rng.uniform(lo, hi) for _ in range(n)]


def logarithmic(lo, hi, n, signed=True):
    """Magnitudes 2^e, e uniform."""
    return [(rng.choice([-1, 1]) if signed else 1) * rng.uniform(1, 2) * 2.0 ** rng.uniform(lo, hi) for _ in range(n)]


EDGES = [s * y for e in (-1074, -1073, -1022, -1021, -600, -160, -61, -55, -54, -53, -52, -28, -27, -26, -10, -2, -1, 0, 1, 2, 3, 4, 5)
         for y in near(2.0 ** e, 1) for s in (1, -1)]
COMMON = EDGES + uniform(-2, 2, 300) + uniform(-50, 50, 300) + logarithmic(-80, 0, 200) + logarithmic(-1074, -80, 40)
TIGHT = [y for k in range(-8, 9) for y in near(k * math.log(2) / 2, 1)]
HUGE = [1e15, 1e16, 1e22, 2.0 ** 1023, MAX, 6381956970095103 * 2.0 ** 797, 1e300, 123456789.0, 2.0 ** 53 + 2, 2.0 ** 120, 5e8]
MULTIPLES = [y for k in list(range(1, 40)) + [rng.randrange(1, 2 ** e) for e in range(8, 1000, 9)]
             for y in near(float(below(k * mp.pi / 2)), 1)]
ANGLES = COMMON + HUGE + MULTIPLES + [-y for y in HUGE] + logarithmic(5, 53, 200) + logarithmic(53, 1023, 150)
POSITIVE = ([abs(x) for x in COMMON] + near(1.0, 8) + near(math.sqrt(0.5), 4) + near(math.sqrt(2), 4) + near(math.e, 3)
            + logarithmic(-1074, 1023, 300, False) + [MAX, 5e-324])

FUNCTIONS = {
    "exp": (mp.exp, COMMON + TIGHT + uniform(-746, 710, 250) + near(709.782712893384, 2) + near(-745.1332191019411, 2)
            + near(-708.3964185322641, 2) + [800.0, -800.0]),
    "expm1": (mp.expm1, COMMON + TIGHT + uniform(-70, 710, 250) + near(709.782712893384, 2) + [800.0, -800.0]),
    "log": (mp.log, [x for x in POSITIVE if x > 0]),
    "log1p": (lambda x: mp.log(1 + x), [x for x in COMMON + POSITIVE if x > -1] + [-p for p in uniform(0, 1, 100)]
              + [math.nextafter(-1.0, 0), -1 + 2.0 ** -30]),
    "sin": (mp.sin, ANGLES),
    "cos": (mp.cos, ANGLES),
    "tanh": (mp.tanh, COMMON + near(22.0, 1) + near(0.17328679513998632, 2) + uniform(15, 25, 60) + [100.0, 700.0]),
    "sigmoid": (lambda x: 1 / (1 + mp.exp(-x)), COMMON + uniform(-746, 100, 200) + near(40.0, 1) + near(-160.0, 1) + [700.0]),
    "softplus": (lambda x: mp.log(1 + mp.exp(x)), COMMON + uniform(-746, 100, 200) + near(45.0, 1) + near(-160.0, 1)
                 + [700.0, 1e15]),
}


def row(f, x):
    t = mpf(x)
    exponent = max(0, -mp.log(abs(t), 2) * 3) if x != 0 else 0
    with mp.workprec(2400 + int(min(exponent, 3600))):
        return [x, below(f(t))]


def distance(f, x):
    """How far f(x) is from a float, in units of its last place: at most 1/2."""
    with mp.workprec(160):
        t = f(mpf(x))
        scaled = mp.ldexp(t, 52 - int(mp.floor(mp.log(abs(t), 2))))
        return abs(scaled - mp.nint(scaled))


HARD = {
    "exp": (-20, 20), "expm1": (-3, 3), "log": (0.3, 30), "log1p": (-0.7, 3), "sin": (-9, 9), "cos": (-9, 9),
    "tanh": (-3, 3), "sigmoid": (-20, 8), "softplus": (-20, 8),
}


def hard(name):
    f, (lo, hi) = FUNCTIONS[name][0], HARD[name]
    return sorted(uniform(lo, hi, 20000), key=lambda x: distance(f, x))[:120]


if __name__ == "__main__":
    table = {name: [row(f, x) for x in dict.fromkeys(points + hard(name))] for name, (f, points) in FUNCTIONS.items()}
    with open("elementary.json", "w") as out:
        out.write("{\n" + ",\n".join(f' "{name}": [\n' + ",\n".join(json.dumps(r) for r in rows) + "\n ]" for name, rows in table.items()) + "\n}\n")
    print({name: len(rows) for name, rows in table.items()})
