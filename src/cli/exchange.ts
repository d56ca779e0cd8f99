import { command } from 'cmd-ts'
import { taskEither as TE } from 'fp-ts'
import { exportModel, formats, programs } from './commands/exportModel.js'
import { importCheckpoint } from './commands/importCheckpoint.js'
import type { Env } from './env.js'
import { type Failure, misused } from './failure.js'
import { argument, jsonOption, onOff, text, withRead } from './options.js'
import { oneOf, parseSettings } from './run/settings.js'

type Done = TE.TaskEither<Failure, unknown>

/** `impflow import`. */
export const importCommand = (env: Env) =>
  command({
    name: 'import',
    description: "make a run folder of a PyTorch checkpoint of the authors' toy and tabular training",
    args: {
      checkpoint: argument('CHECKPOINT', 'a file of torch.save, from any version'),
      out: text('out', 'DIR', 'folder to make; default the next of runs/NAME-001, runs/NAME-002, ...'),
      ema: onOff('ema', 'take the averaged weights of the file instead of the last ones'),
      activation: text('activation', 'NAME', 'where the file does not say it: as in impflow train'),
      coefficient: text('coefficient', 'C', 'where the file does not say it: what weights were normalised to, under 1'),
      json: jsonOption('print nothing but one line of JSON')
    },
    examples: [
      { description: 'a checkpoint', command: 'impflow import checkpt.pth --out runs/theirs' },
      { description: 'its averaged weights', command: 'impflow import checkpt.pth --ema --out runs/theirs-ema' }
    ],
    handler: ({ checkpoint, out, ema, json, activation, coefficient }): Done =>
      withRead(parseSettings({ activation, coefficient }), asked =>
        importCheckpoint(env, {
          checkpoint,
          out: out ?? null,
          ema,
          json,
          activation: asked.activation ?? null,
          coefficient: asked.coefficient ?? null
        })
      )
  })

/** `impflow export`. */
export const exportCommand = (env: Env) =>
  command({
    name: 'export',
    description: 'write a model for other programs',
    args: {
      run: argument('RUN', 'a run folder'),
      format: text('format', formats.join('|'), 'tensors by name, a program for ONNX Runtime, or a module of PyTorch'),
      program: text('program', programs.join('|'), 'for onnx: what it computes; default density'),
      precision: text('precision', 'float32|float64', 'for onnx; default float64'),
      out: text('out', 'FILE', 'file to write')
    },
    examples: [
      { description: 'weights', command: 'impflow export runs/moons-001 --format safetensors --out moons.safetensors' },
      {
        description: 'a sampler',
        command: 'impflow export runs/moons-001 --format onnx --program sampler --out moons.onnx'
      },
      { description: 'a module', command: 'impflow export runs/moons-001 --format pytorch --out moons.py' }
    ],
    handler: ({ run, format, program, precision, out }): Done =>
      format === undefined || out === undefined
        ? TE.left(
            misused(
              `--${format === undefined ? 'format' : 'out'} is missing: impflow export RUN --format ${formats.join('|')} --out FILE`
            )
          )
        : withRead(oneOf(...formats)('--format', format), chosen =>
            withRead(parseSettings({ precision }), asked =>
              withRead(oneOf(...programs)('--program', program ?? 'density'), what =>
                (program !== undefined || precision !== undefined) && chosen !== 'onnx'
                  ? TE.left(misused(`--program and --precision are for --format onnx, not for ${chosen}.`))
                  : exportModel(env, {
                      run,
                      out,
                      format: chosen,
                      program: what,
                      precision: asked.precision ?? 'float64'
                    })
              )
            )
          )
  })
