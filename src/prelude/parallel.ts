import { taskEither as TE } from 'fp-ts'

/** Runs tasks, at most some at a time; the results are in the order of the tasks, whatever order they finish in. */
export const inParallel = <L, A>(
  tasks: readonly TE.TaskEither<L, A>[],
  atOnce: number
): TE.TaskEither<L, readonly A[]> => {
  const lanes = Array.from({ length: Math.min(atOnce, tasks.length) }, (_, lane) =>
    TE.sequenceSeqArray(tasks.filter((_task, i) => i % atOnce === lane))
  )
  return TE.map((results: readonly (readonly A[])[]) =>
    tasks.map((_, i) => (results[i % atOnce] as readonly A[])[Math.floor(i / atOnce)] as A)
  )(TE.sequenceArray(lanes))
}
