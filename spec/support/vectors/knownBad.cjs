/*
 * Writes knownBad.json: the points of elementary.json at which npm interval-arithmetic 1.1.3 leaves out the value. To be
 * run in this folder, with that package installed anywhere on NODE_PATH: node knownBad.cjs
 */
const { readFileSync, writeFileSync } = require('node:fs')
const { default: theirs, Interval } = require('interval-arithmetic')

const vectors = JSON.parse(readFileSync('elementary.json', 'utf8'))
const next = x => {
  if (x === 0) return Number.MIN_VALUE
  const float = Float64Array.of(x)
  const bits = new BigInt64Array(float.buffer)
  bits[0] += x > 0 ? 1n : -1n
  return float[0]
}

const rows = ['sin', 'cos', 'tanh', 'exp'].flatMap(name =>
  vectors[name]
    .filter(([x, below]) => {
      const { lo, hi } = theirs[name](new Interval(x, x))
      return !(lo <= below && hi >= (x === 0 ? below : next(below)))
    })
    .map(([x, below]) => JSON.stringify([name, x, below]))
)
writeFileSync('knownBad.json', `[\n${rows.join(',\n')}\n]\n`)
