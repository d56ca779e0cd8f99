import { readFileSync } from 'node:fs'
import { parseOracle } from '/work/main/src/interop/oracle.ts'
import { checkBlock } from '/work/main/src/interop/check.ts'
for (const f of process.argv.slice(2)) {
  const p:any = parseOracle(f)(readFileSync(f,'utf8'))
  if (p._tag==='Left') { console.log(p.left); continue }
  for (const b of p.right.blocks) { const t0=Date.now(); console.log(JSON.stringify(checkBlock(b)), Date.now()-t0, 'ms') }
}
