import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Found } from './browser/page.js'

/** Where Debian and others put Chromium. */
const executable = [process.env['CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  path => path !== '' && existsSync(path)
)

const flags = [
  '--no-sandbox',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader'
]

/** The page's script, gpu.js and all. */
const bundled = async (): Promise<string> => {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('.', import.meta.url)),
    build: {
      write: false,
      minify: false,
      lib: { entry: fileURLToPath(new URL('browser/page.ts', import.meta.url)), formats: ['es'], fileName: 'page' },
      rollupOptions: { external: ['webgpu'], output: { codeSplitting: false } }
    }
  })
  const [first] = Array.isArray(result) ? result : [result]
  if (first === undefined || !('output' in first)) throw new Error('vite made no bundle')
  return (first.output[0] as { readonly code: string }).code
}

if (executable === undefined)
  describe('gpu.js in a browser', () => {
    it('is not run: no Chromium is found; apt-get install chromium, or name one by CHROMIUM', () =>
      expect(process.env['IMPFLOW_REQUIRE_CHROMIUM']).not.toBe('1'))
  })
else
  describe('gpu.js in Chromium', () => {
    const opened = (async () => {
      const script = await bundled()
      const server = createServer((request, response) => {
        const isScript = request.url === '/page.js'
        response.setHeader('content-type', `${isScript ? 'text/javascript' : 'text/html'}; charset=utf-8`)
        response.end(
          isScript ? script : '<!doctype html><title>gpu.js</title><script type="module" src="/page.js"></script>'
        )
      })
      await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready))
      const browser = await chromium.launch({ executablePath: executable, args: flags })
      const page = await browser.newPage()
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
      await page.waitForFunction('globalThis.check !== undefined')
      return { server, browser, page }
    })()
    beforeAll(() => opened, 60_000)
    afterAll(async () => {
      const { server, browser } = await opened
      await browser.close()
      server.close()
    })

    it.each(['webgl2', 'webgpu'])(
      'computes by %s what reference computes',
      async mode => {
        const { page } = await opened
        const { adapter, worst } = (await page.evaluate(`check('${mode}')`)) as Found
        console.info(`${mode} in Chromium on ${adapter}`)
        expect(adapter).toMatch(/\(software\)$/)
        for (const [name, ratio] of Object.entries(worst)) expect(ratio, name).toBeLessThanOrEqual(1)
      },
      120_000
    )
  })
