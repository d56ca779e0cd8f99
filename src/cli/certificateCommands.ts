import { command } from 'cmd-ts'
import { taskEither as TE } from 'fp-ts'
import { certify, checkCertificateFile } from './commands/certify.js'
import type { Env } from './env.js'
import { type Failure, misused } from './failure.js'
import { argument, jsonOption, pointsOption, runArgument, text } from './options.js'

type Done = TE.TaskEither<Failure, unknown>

/** `impflow certify` */
export const certifyCommand = (env: Env) =>
  command({
    name: 'certify',
    description: 'intervals that hold noise, log-density and round trip of points, all rounding errors included',
    args: {
      run: runArgument,
      points: pointsOption,
      out: text('out', 'CERTIFICATE', 'write a certificate, as JSON, for impflow check-certificate'),
      json: jsonOption('print an array of JSON')
    },
    examples: [
      {
        description: 'with a certificate',
        command: 'impflow certify runs/checkerboard-001 --points points.csv --out certificate.json'
      }
    ],
    handler: ({ run, points, out, json }): Done =>
      points === undefined
        ? TE.left(misused('--points is missing: impflow certify RUN --points FILE'))
        : certify(env, { run, points, out: out ?? null, json })
  })

/** `impflow check-certificate` */
export const checkCertificateCommand = (env: Env) =>
  command({
    name: 'check-certificate',
    description: 'check a certificate in integer arithmetic, by a program that shares nothing with the rest',
    args: {
      file: argument('FILE', 'a certificate'),
      run: text('run', 'RUN', 'a run folder whose weights the certificate must be about'),
      json: jsonOption('print a line of JSON')
    },
    examples: [
      {
        description: 'and its weights',
        command: 'impflow check-certificate certificate.json --run runs/checkerboard-001'
      }
    ],
    handler: ({ file, run, json }): Done => checkCertificateFile(env, file, run ?? null, json)
  })
