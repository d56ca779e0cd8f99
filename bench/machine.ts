import { existsSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'

const linux = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : ''
const field = (name: string): string | undefined => new RegExp(`^${name}\\s*: (.*)$`, 'm').exec(linux)?.[1]

/** The processor, with the family and model that virtual machines leave out of its name, where Linux tells them. */
export const processor = [
  cpus()[0]?.model ?? 'unknown',
  ...(field('cpu family') === undefined ? [] : [`(family ${field('cpu family')}, model ${field('model')})`])
].join(' ')

/** Whether it has the AVX-512 instructions; false where that is not known. */
export const hasAvx512 = field('flags')?.split(' ').includes('avx512f') === true

/** This machine. */
export const machine = (): Readonly<Record<string, string | number>> => ({
  cpu: processor,
  cores: cpus().length,
  node: process.version
})

/** The same in words. */
export const machineText = ({ cpu, cores, node } = machine()): string =>
  [cpu, `${cores} cores`, ...(node === undefined ? [] : [`Node ${node}`])].join(', ')
