/** Where a run is. Bits are negative log-likelihoods in the units of the data. */
export interface Status {
  readonly step: number
  /** Steps in all; null while the speed is being measured. */
  readonly planned: number | null
  /** Of recent batches. */
  readonly bits: number
  readonly entropyBits: number | null
  readonly stepsPerSecond: number
}

/** A time as a person says it: 0:07, 12:30, 1:02:03. */
export const duration = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds))
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (n: number): string => String(n).padStart(2, '0')
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/** Bits, and how far they are above the entropy where it is known. */
export const bitsText = (bits: number, entropyBits: number | null): string => {
  const distance = bits - (entropyBits ?? 0)
  const above = `${Math.abs(distance).toFixed(3)} ${distance < 0 ? 'below' : 'above'} entropy`
  return `${bits.toFixed(3)} bits${entropyBits === null ? '' : ` (${above})`}`
}

const speedText = (perSecond: number): string =>
  perSecond >= 1 ? `${perSecond.toFixed(perSecond < 10 ? 1 : 0)} steps/s` : `${(1 / perSecond).toFixed(1)} s/step`

/** The numbers of a status: step, bits, speed, time left. */
export const statusText = ({ step, planned, bits, entropyBits, stepsPerSecond }: Status): string => {
  const left = planned === null ? 'measuring speed' : `${duration((planned - step) / stepsPerSecond)} left`
  const place = planned === null ? `${step}` : `${String(step).padStart(String(planned).length)}/${planned}`
  return [place, bitsText(bits, entropyBits), speedText(stepsPerSecond), left].join('  ')
}

/** A bar and the numbers of a status, in one line of at most so many columns. */
export const statusLine = (status: Status, columns: number): string => {
  // Padded, so that the bar keeps its length.
  const text = statusText(status).padEnd(66)
  const room = Math.min(30, columns - text.length - 2)
  if (room < 6) return text.trimEnd().slice(0, columns)
  const share = status.planned === null ? 0 : Math.min(1, status.step / status.planned)
  const full = Math.round(share * (room - 2))
  return `[${'#'.repeat(full)}${'-'.repeat(room - 2 - full)}] ${text.trimEnd()}`
}
