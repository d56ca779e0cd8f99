import { type Patch, planted } from '../../museum/planted.js'
import type * as roulettes from './roulette.js'

const series = (wrong: string): Patch => ({
  file: 'src/logdet/powerSeries.ts',
  right: '(-1) ** (k + 1) / k',
  wrong
})

/** Bugs of roulettes, as changes of the program: any law about the right one must see them. */
export const rouletteBugs = {
  'no 1 / P(N >= k)': {
    file: 'src/logdet/terms.ts',
    right: 'return share / atLeast(i + 1)',
    wrong: 'return share + 0 * atLeast(i + 1)'
  },
  'P(N > k) for P(N >= k)': { file: 'src/logdet/terms.ts', right: 'law.rho ** (k - 1)', wrong: 'law.rho ** k' },
  'the sign (-1)^k': series('(-1) ** k / k'),
  'no 1 / k': series('(-1) ** (k + 1)'),
  'no (-1)^(k+1) / k': series('1'),
  'no 1 / n in the mean of the probes': {
    file: 'src/logdet/powerSeries.ts',
    right: 'return div(sum(all), count)',
    wrong: 'return div(sum(all), count / count)'
  },
  'a series that ends after 5 terms': {
    file: 'src/logdet/powerSeries.ts',
    right: 'k <= count; k++',
    wrong: 'k <= Math.min(count, 5); k++'
  },
  'probes 1.05 times too long': {
    file: 'src/logdet/probes.ts',
    right: 'return rademacher(key)(count * d)',
    wrong: 'return rademacher(key)(count * d).map(sign => 1.05 * sign)'
  }
} as const satisfies Readonly<Record<string, Patch>>

/** The estimators of a program with a bug. */
export const withBug = async (bug: keyof typeof rouletteBugs): Promise<typeof roulettes> => {
  const [module] = await planted<[typeof roulettes]>([rouletteBugs[bug]], ['spec/laws/support/roulette.ts'])
  return module
}
