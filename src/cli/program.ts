import { command, subcommands } from 'cmd-ts'
import { taskEither as TE } from 'fp-ts'
import { certifyCommand, checkCertificateCommand } from './certificateCommands.js'
import { backends } from './commands/backends.js'
import { check } from './commands/check.js'
import { datasets } from './commands/datasets.js'
import { plot } from './commands/plot.js'
import { sample } from './commands/sample.js'
import { train } from './commands/train.js'
import { conformCommand } from './conform/conformCommand.js'
import type { Env } from './env.js'
import { densityCommand, latentCommand, solveTraceCommand } from './evaluateCommands.js'
import { exportCommand, importCommand } from './exchange.js'
import type { Failure } from './failure.js'
import {
  argument,
  evaluationOptions,
  jsonOption,
  onOff,
  outOption,
  parseEvaluation,
  runArgument,
  settingOptions,
  text,
  threadsOption,
  wholeOr,
  withRead
} from './options.js'
import { parseSettings } from './run/settings.js'
import { vectorsCommand } from './vectorsCommand.js'

type Done = TE.TaskEither<Failure, unknown>

const trainCommand = (env: Env) =>
  command({
    name: 'train',
    description: 'fit a flow to a data set; makes a run folder with model, numbers and pictures',
    args: {
      dataset: argument(
        'DATASET|FILE',
        'a name (see impflow datasets), or a file of points: .csv .tsv .txt .npy .npz, also .gz, .hdf5'
      ),
      ...settingOptions,
      dataRoot: text(
        'data-root',
        'DIR',
        'folder of the files of power, gas, hepmass, miniboone and bsds300; default data'
      ),
      threads: threadsOption,
      out: text('out', 'DIR', 'folder to make; default the next of runs/NAME-001, runs/NAME-002, ...'),
      resume: onOff('resume', 'go on with the run in --out, or with the last one of the data set'),
      json: jsonOption('print nothing but one line of JSON at the end')
    },
    examples: [
      { description: 'two minutes on the checkerboard', command: 'impflow train checkerboard --minutes 2' },
      { description: 'your own points, a smaller flow', command: 'impflow train points.csv --blocks 2 --hidden 64,64' },
      { description: 'go on after Ctrl-C', command: 'impflow train checkerboard --resume' },
      { description: 'for a script', command: 'impflow train moons --steps 1000 --seed 1 --json' }
    ],
    handler: ({ dataset, dataRoot, threads, out, resume, json, ...typed }): Done =>
      withRead(parseSettings(typed), asked =>
        withRead(wholeOr('threads', threads, 1, null), count =>
          train(env, { dataset, dataRoot: dataRoot ?? null, asked, threads: count, out: out ?? null, resume, json })
        )
      )
  })

const sampleCommand = (env: Env) =>
  command({
    name: 'sample',
    description: 'draw points from a model',
    args: {
      run: runArgument,
      count: text('count', 'N', 'number of points; default 1000'),
      seed: text('seed', 'S', 'determines the points; default 0'),
      out: outOption('write the points to a file'),
      ...evaluationOptions,
      json: jsonOption('print an array of JSON')
    },
    examples: [
      { description: 'ten points', command: 'impflow sample runs/checkerboard-001 --count 10' },
      {
        description: 'to a NumPy file',
        command: 'impflow sample runs/checkerboard-001 --count 10000 --seed 1 --out points.npy'
      }
    ],
    handler: ({ run, count, seed, out, json, ...typed }): Done =>
      withRead(parseEvaluation(typed), how =>
        withRead(wholeOr('count', count, 1, 1000), n =>
          withRead(wholeOr('seed', seed, 0, 0), s =>
            sample(env, { run, count: n, seed: s, out: out ?? null, json, ...how })
          )
        )
      )
  })

const plotCommand = (env: Env) =>
  command({
    name: 'plot',
    description: 'draw the pictures of a run again, as PNG and SVG in its folder',
    args: {
      run: runArgument,
      data: text('data', 'DATASET|FILE', 'what to draw beside an imported model, which has no data of its own'),
      threads: threadsOption
    },
    examples: [{ description: 'all pictures', command: 'impflow plot runs/checkerboard-001' }],
    handler: ({ run, data, threads }): Done =>
      withRead(wholeOr('threads', threads, 1, null), n => plot(env, run, n, data ?? null))
  })

const checkCommand = (env: Env) =>
  command({
    name: 'check',
    description: 'compare blocks with an oracle file (schema impflow-oracle-blocks-v1), in float64',
    args: { file: argument('FILE', 'the oracle file'), json: jsonOption('print an array of JSON') },
    examples: [{ description: 'every block of a file', command: 'impflow check blocks.json --json' }],
    handler: ({ file, json }): Done => check(env, file, json)
  })

const datasetsCommand = (env: Env) =>
  command({
    name: 'datasets',
    description: 'list the data sets that have names, with their entropies',
    args: { json: jsonOption('print an array of JSON') },
    examples: [{ description: 'all of them', command: 'impflow datasets' }],
    handler: ({ json }): Done => TE.fromIO(() => datasets(env, json))
  })

const backendsCommand = (env: Env) =>
  command({
    name: 'backends',
    description: 'what can compute here, and how to get what is missing',
    args: { json: jsonOption('print an array of JSON') },
    examples: [{ description: 'all of them', command: 'impflow backends' }],
    handler: ({ json }): Done => backends(env, json) as TE.TaskEither<never, unknown>
  })

/** The command line. Handlers return tasks; nothing runs before they are called. */
export const program = (env: Env) =>
  subcommands({
    name: 'impflow',
    version: env.versions.impflow,
    description: 'Implicit Normalizing Flows (Lu et al. 2021): fit, evaluate, sample and draw densities',
    cmds: {
      train: trainCommand(env),
      density: densityCommand(env),
      latent: latentCommand(env),
      sample: sampleCommand(env),
      plot: plotCommand(env),
      'solve-trace': solveTraceCommand(env),
      check: checkCommand(env),
      certify: certifyCommand(env),
      'check-certificate': checkCertificateCommand(env),
      vectors: vectorsCommand(env),
      conform: conformCommand(env),
      import: importCommand(env),
      export: exportCommand(env),
      datasets: datasetsCommand(env),
      backends: backendsCommand(env)
    },
    examples: [
      { description: 'two minutes on the checkerboard', command: 'impflow train checkerboard --minutes 2' },
      { description: 'a thousand points of the model', command: 'impflow sample runs/checkerboard-001 --count 1000' }
    ]
  })
