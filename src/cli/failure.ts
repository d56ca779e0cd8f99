import { taskEither as TE } from 'fp-ts'

/** Why a command ends early: what it says on stderr, and its exit code. */
export interface Failure {
  readonly message: string
  /** 1: it could not be done; 2: it was asked wrongly; 130: interrupted. */
  readonly exitCode: 1 | 2 | 130
}

/** What could not be done. */
export const failed = (message: string): Failure => ({ message, exitCode: 1 })

/** What was asked wrongly. */
export const misused = (message: string): Failure => ({ message, exitCode: 2 })

/** What a person stopped. */
export const interrupted = (message: string): Failure => ({ message, exitCode: 130 })

/** A task whose errors become failures, told by a function of theirs. */
export const orFail =
  <E>(tell: (error: E) => string) =>
  <A>(task: TE.TaskEither<E, A>): TE.TaskEither<Failure, A> =>
    TE.mapLeft((error: E) => failed(tell(error)))(task)
