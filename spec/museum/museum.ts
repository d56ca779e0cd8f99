import { type Exhibit, examine, type Found } from './exhibit.js'
import { estimatorExhibits } from './exhibits/estimators.js'
import { logDetExhibits } from './exhibits/logDets.js'
import { parameterExhibits } from './exhibits/parameters.js'
import { solverExhibits } from './exhibits/solvers.js'

/** Every bug of the museum. */
export const exhibits: readonly Exhibit[] = [
  ...logDetExhibits,
  ...estimatorExhibits,
  ...solverExhibits,
  ...parameterExhibits
]

/** Examines every exhibit, one after another. */
export const examineAll = async (): Promise<readonly Found[]> => {
  const found: Found[] = []
  for (const exhibit of exhibits) found.push(await examine(exhibit))
  return found
}

const saw = (seen: boolean): string => (seen ? 'sees it' : '**misses it**')

const cell = (text: string): string => text.replaceAll('|', '\\|')

const rowOf = ({ bug, patch, law, roundTrip, derivativeLogDet, fixedSample }: Found): string =>
  `| ${cell(bug)} | ${cell(patch)} | ${cell(law ?? 'none')} | ${saw(roundTrip)} | ${saw(derivativeLogDet)} | ${saw(fixedSample)} |`

/** The museum as a page: what was put wrong, which law says so, and what the usual checks would have said. */
export const page = (found: readonly Found[]): string =>
  [
    '# Bug museum',
    '',
    'Bugs that public flow libraries had, planted in functions of this package, or in a small stand-in where there is no such',
    'path. Every one is run; this page is what came out of it (`npm run museum` writes it again, and a spec compares).',
    'The code without the bug keeps all laws and passes all three usual checks.',
    '',
    'The usual checks: **round trip**, x comes back to 1e-4 at ten normal points (or those that the exhibit names);',
    '**autodiff log-det**, the log-determinant is that of the Jacobian of the map there, to 1e-4, or for a random one to three',
    'standard errors of 1,000 draws; **one fixed sample**, value and log-determinant at the first of these points are those',
    'that the right code gives. Bugs of training are shown the flow that such a training ends with: there one fixed sample',
    'sees the bug only because the end of the right training is known, which a test that takes its number from the code is not.',
    '',
    'Stand-ins: the cached inverse and the memory of an ActNorm,',
    'because flows are pure here; and the choice of a checkpoint.',
    '',
    '| Bug | Put wrong | The first law that it breaks | Round trip | Autodiff log-det | One fixed sample |',
    '|---|---|---|---|---|---|',
    ...found.map(rowOf),
    '',
    `The laws see ${found.filter(({ law }) => law !== undefined).length} of ${found.length}; the round trip sees ${
      found.filter(one => one.roundTrip).length
    }, the autodiff log-det ${found.filter(one => one.derivativeLogDet).length}, one fixed sample ${
      found.filter(one => one.fixedSample).length
    }, all three together ${found.filter(one => one.roundTrip || one.derivativeLogDet || one.fixedSample).length}.`,
    ''
  ].join('\n')
