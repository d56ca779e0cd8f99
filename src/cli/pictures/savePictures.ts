import { join } from 'node:path'
import { function as F, taskEither as TE } from 'fp-ts'
import type { Backend } from '../../interpret/backend.js'
import { commit, commitText } from '../../train/runFolder/disk.js'
import { runFolderErrorMessage } from '../../train/runFolder/runFolderError.js'
import type { Env } from '../env.js'
import { type Failure, orFail } from '../failure.js'
import { drawScene } from './draw.js'
import { pictureErrorMessage, type Scene, sceneOf } from './scene.js'

/** Draws a run's pictures and writes each as PNG and SVG. @returns the PNGs' paths */
export const savePictures = (
  env: Pick<Env, 'disk'>,
  folder: string,
  backend: Backend,
  threads: number,
  given: Pick<Scene, 'name' | 'dataset' | 'model' | 'metrics' | 'testBits'>
): TE.TaskEither<Failure, readonly string[]> =>
  F.pipe(
    sceneOf(backend, threads, given),
    TE.flatMap(drawScene),
    orFail(pictureErrorMessage),
    TE.flatMap(
      TE.traverseSeqArray(({ name, picture }) => {
        const path = join(folder, name)
        return F.pipe(
          commitText(env.disk, `${path}.svg`, picture.svg),
          TE.flatMap(() => commit(env.disk, `${path}.png`, picture.png)),
          orFail(runFolderErrorMessage),
          TE.map(() => `${path}.png`)
        )
      })
    )
  )
