import { builtinModules } from 'node:module'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const builtins = new Set(builtinModules)
const native = ['onnxruntime-node', '@resvg/resvg-js', 'gpu.js']

const isForbidden = (id: string): boolean =>
  id.startsWith('node:') || builtins.has(id) || native.some(name => id === name || id.startsWith(`${name}/`))

/** Node's modules and native packages stay outside of the bundle, and a bundle that needs one of them is an error. */
const pure: Plugin = {
  name: 'pure',
  enforce: 'pre',
  resolveId: id => (isForbidden(id) ? { id, external: true, moduleSideEffects: false } : null),
  generateBundle(_, bundle) {
    const needed = Object.values(bundle).flatMap(part =>
      part.type === 'chunk' ? [...part.imports, ...part.dynamicImports].filter(isForbidden) : []
    )
    if (needed.length > 0) this.error(`the core needs what a browser has not: ${needed.join(', ')}`)
  }
}

/** The core for a browser, as one script that sets the global `core`. */
export default defineConfig({
  plugins: [pure],
  root: fileURLToPath(new URL('.', import.meta.url)),
  build: {
    outDir: fileURLToPath(new URL('../coverage/browser', import.meta.url)),
    emptyOutDir: true,
    minify: false,
    lib: { entry: 'browserEntry.ts', formats: ['iife'], name: 'core', fileName: () => 'core.js' }
  }
})
