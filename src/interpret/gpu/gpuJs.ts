import { taskEither as TE } from 'fp-ts'
import type { BackendError, GpuMode } from '../backend.js'

/** Numbers that stay on the device until they are read. */
export interface OnDevice {
  readonly toArray: () => Float32Array | Promise<Float32Array>
  readonly delete: () => void
}

/** What a kernel takes: numbers on the host, or on the device. */
export type Operand = Float32Array | OnDevice

/** A compiled kernel: flat arrays in, one flat array out. */
export type Kernel = (operands: readonly Operand[]) => Promise<Operand>

/** A device, or what stands in for one. */
export interface Device {
  readonly mode: GpuMode
  /** What computes, in words; a software adapter is called one. */
  readonly adapter: string
  /** Whether results stay on the device until they are read. */
  readonly keeps: boolean
  /**
   * Compiles a kernel.
   * @param source of a function that returns the entry at `this.thread.x`, as a text: gpu.js reads functions as texts
   * @param size entries of the result
   */
  readonly compile: (source: string, size: number) => Kernel
  /** Gives the memory of an operand back, if it is on the device. */
  readonly release: (operand: Operand) => void
  /** Gives all memory back. */
  readonly releaseAll: () => void
}

/** As much of gpu.js 2.24 as is used here; its own types leave out promises. */
interface GpuJs {
  readonly GPU: (new (settings: {
    readonly mode: GpuMode
    readonly functions: readonly string[]
  }) => {
    readonly createKernel: (source: string, settings: object) => (...operands: readonly unknown[]) => unknown
  }) & { readonly isWebGPUAvailable: () => Promise<boolean>; readonly isWebGL2Supported?: boolean }
  readonly input: (values: Float32Array, size: readonly number[]) => unknown
}

interface Adapter {
  readonly info?: { readonly vendor?: string; readonly architecture?: string; readonly description?: string }
}

interface WebGpu {
  readonly requestAdapter: () => Promise<Adapter | null>
}

const unavailable = (message: string): BackendError => ({ tag: 'GpuUnavailable', message })

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const loadGpuJs: TE.TaskEither<BackendError, GpuJs> = TE.tryCatch(
  async () => {
    const loaded = (await import('gpu.js')) as unknown as GpuJs & { readonly default?: GpuJs }
    return loaded.GPU === undefined ? (loaded.default as GpuJs) : loaded
  },
  error => unavailable(`gpu.js does not load (${messageOf(error)}); install it with: npm install gpu.js@2.24.1`)
)

const scope = globalThis as { navigator?: { gpu?: WebGpu } } & Record<string, unknown>

/** Gives Node a `navigator.gpu`, from the package `webgpu` (Dawn); browsers have their own. */
const provideWebGpu = async (): Promise<void> => {
  if (scope.navigator?.gpu !== undefined) return
  const { create, globals } = (await import('webgpu')) as unknown as {
    readonly create: (options: readonly string[]) => WebGpu
    readonly globals: object
  }
  Object.assign(globalThis, globals)
  if (scope.navigator === undefined) Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true })
  Object.defineProperty(scope.navigator, 'gpu', { value: create([]), configurable: true })
}

const software = /swiftshader|llvmpipe|lavapipe|software|basic render/i

/** The adapter's name, with the word software where it is one. */
const named = ({ vendor, architecture, description }: NonNullable<Adapter['info']>): string => {
  const words = [...new Set([vendor, architecture, description])].filter(x => x !== undefined && x !== '').join(', ')
  return `${words === '' ? 'unnamed adapter' : words}${software.test(words) ? ' (software)' : ''}`
}

const webGpuAdapter: TE.TaskEither<BackendError, string> = TE.flatMap(
  TE.tryCatch(
    async () => {
      await provideWebGpu()
      return scope.navigator?.gpu?.requestAdapter() ?? null
    },
    error => unavailable(`WebGPU does not load (${messageOf(error)}); install it with: npm install webgpu@0.6.2`)
  ),
  adapter =>
    adapter === null
      ? TE.left(
          unavailable(
            'WebGPU finds no adapter: install a Vulkan driver (a software one on Debian: apt-get install libvulkan1 ' +
              'chromium, and VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json), or use another --gpu-mode'
          )
        )
      : TE.right(named(adapter.info ?? {}))
)

/** WebGL 2 tells its renderer in browsers; Node has no such context. */
const webGl2Adapter = ({ GPU }: GpuJs): TE.TaskEither<BackendError, string> => {
  const document = scope['document'] as { createElement: (name: string) => { getContext: (kind: string) => unknown } }
  if (document === undefined || GPU.isWebGL2Supported !== true)
    return TE.left(unavailable('WebGL 2 is there in browsers only: use --gpu-mode webgpu, webasm or cpu'))
  const context = document.createElement('canvas').getContext('webgl2') as {
    getExtension: (name: string) => { readonly UNMASKED_RENDERER_WEBGL: number } | null
    getParameter: (name: number) => unknown
  }
  const extension = context.getExtension('WEBGL_debug_renderer_info')
  const renderer =
    extension === null ? 'unnamed renderer' : String(context.getParameter(extension.UNMASKED_RENDERER_WEBGL))
  return TE.right(`${renderer}${software.test(renderer) ? ' (software)' : ''}`)
}

const adapterOf = (mode: GpuMode, gpuJs: GpuJs): TE.TaskEither<BackendError, string> => {
  if (mode === 'cpu') return TE.right('plain JavaScript on the CPU, no device')
  if (mode === 'webasm') return TE.right('WebAssembly on the CPU, no device')
  return mode === 'webgpu' ? webGpuAdapter : webGl2Adapter(gpuJs)
}

const isOnDevice = (x: unknown): x is OnDevice => typeof (x as OnDevice).toArray === 'function'

/**
 * Opens a mode of gpu.js. Kernels are cached by source, size and kinds of operands.
 * @param helpers sources of functions that kernels call
 * @returns Left with what is missing and how to get it; no other mode is taken instead
 */
export const openDevice = (mode: GpuMode, helpers: readonly string[]): TE.TaskEither<BackendError, Device> =>
  TE.flatMap(loadGpuJs, gpuJs =>
    TE.map((adapter: string): Device => {
      const gpu = new gpuJs.GPU({ mode, functions: helpers })
      const keeps = mode === 'webgpu' || mode === 'webgl2'
      const live = new Set<OnDevice>()
      const release = (operand: Operand): void => {
        if (!isOnDevice(operand) || !live.delete(operand)) return
        operand.delete()
      }
      const made = new Map<string, (...operands: readonly unknown[]) => unknown>()
      const kernelFor = (source: string, size: number, kinds: string) => {
        const key = `${kinds} ${size} ${source}`
        const known = made.get(key)
        if (known !== undefined) return known
        const settings = { output: [size], precision: 'single', pipeline: keeps, immutable: keeps }
        const kernel = gpu.createKernel(source, settings)
        made.set(key, kernel)
        return kernel
      }
      return {
        mode,
        adapter,
        keeps,
        compile: (source, size) => async operands => {
          const kinds = operands.map(x => (isOnDevice(x) ? 'd' : 'h')).join('')
          const given = operands.map(x => (isOnDevice(x) ? x : gpuJs.input(x, [x.length])))
          const result = (await kernelFor(source, size, kinds)(...given)) as Operand
          if (isOnDevice(result)) live.add(result)
          return result
        },
        release,
        releaseAll: () => [...live].forEach(release)
      }
    })(adapterOf(mode, gpuJs))
  )

/** The numbers of an operand, read from the device if they are there. */
export const hostNumbers = async (operand: Operand): Promise<Float32Array> =>
  isOnDevice(operand) ? await operand.toArray() : operand
