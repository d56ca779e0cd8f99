import { either as E } from 'fp-ts'

/** Why no picture was drawn; `what` names the input in the words of the chart, for example "model density". */
export type PlotError =
  | { readonly _tag: 'NothingToPlot'; readonly what: string }
  | { readonly _tag: 'NotFinite'; readonly what: string; readonly index: number; readonly value: number }
  | { readonly _tag: 'RenderFailed'; readonly message: string }

export const nothingToPlot = (what: string): PlotError => ({ _tag: 'NothingToPlot', what })

/**
 * The numbers themselves when there is at least one and none is NaN or infinite.
 * failure  NothingToPlot when empty; NotFinite with the first offending index and its value
 */
export const finite =
  (what: string) =>
  <A extends ArrayLike<number>>(numbers: A): E.Either<PlotError, A> => {
    if (numbers.length === 0) return E.left(nothingToPlot(what))
    for (let i = 0; i < numbers.length; i++) {
      const value = numbers[i] as number
      if (!Number.isFinite(value)) return E.left({ _tag: 'NotFinite', what, index: i, value })
    }
    return E.right(numbers)
  }

/** Right when every check is Right, else the first Left: the inputs of a chart are checked before anything is drawn. */
export const checked = (checks: ReadonlyArray<E.Either<PlotError, unknown>>): E.Either<PlotError, null> =>
  checks.reduce<E.Either<PlotError, null>>(
    (sofar, check) => (E.isLeft(sofar) ? sofar : E.map(() => null)(check)),
    E.right(null)
  )
