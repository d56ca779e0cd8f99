import { onnxFloat32, onnxFloat64 } from '../../../src/interpret/runningError/machine.js'
import { compile } from '../../../src/interpret/onnx/session.js'
import { parity } from '../../support/parity.js'
for (const precision of ['float32','float64'] as const)
parity(`onnx ${precision}`, async outputs => {
  const c:any = await compile([], outputs, precision)()
  if (c._tag==='Left') throw new Error(JSON.stringify(c.left))
  const r:any = await c.right([])()
  if (r._tag==='Left') throw new Error(JSON.stringify(r.left))
  return r.right
}, precision==='float32'?onnxFloat32:onnxFloat64, {knows: x=>x.arguments.every(a=>a.values.length>0)&&(x.parameters as any).kind!=='general', together: 25})
