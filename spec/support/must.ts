import { either as E, type taskEither as TE } from 'fp-ts'

/** What a task gives that is not expected to fail; a Left is thrown, and fails the test. */
export const must = async <L, A>(task: TE.TaskEither<L, A>): Promise<A> => {
  const result = await task()
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left))
  return result.right
}
