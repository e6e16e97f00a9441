/** Measures what one text costs from raw string to labels, alone and in batches of 32. */

import { classify } from '../serve/classify'
import type { OpenBundle } from '../serve/open'

export interface Speed {
  latencyMs: { p50: number; p99: number }
  throughputPerSecond: number
  cpuMicrosecondsPerText: number
}

const WARM_UP = 200
const SINGLES = 1000
const BATCH = 32

export async function measureSpeed(bundle: OpenBundle, texts: readonly string[]): Promise<Speed> {
  const text = (at: number) => texts[at % texts.length] as string
  for (let at = 0; at < WARM_UP; at++) await classify([bundle], [text(at)])
  const times: number[] = []
  for (let at = 0; at < SINGLES; at++) {
    const from = performance.now()
    await classify([bundle], [text(at)])
    times.push(performance.now() - from)
  }
  times.sort((a, b) => a - b)
  const batches = Math.max(20, Math.ceil(Math.min(texts.length, 3200) / BATCH))
  const cpu = process.cpuUsage()
  const from = performance.now()
  for (let batch = 0; batch < batches; batch++) {
    await classify(
      [bundle],
      Array.from({ length: BATCH }, (_, at) => text(batch * BATCH + at)),
    )
  }
  const seconds = (performance.now() - from) / 1000
  const used = process.cpuUsage(cpu)
  const at = (share: number) => times[Math.floor(share * (times.length - 1))] as number
  return {
    latencyMs: { p50: at(0.5), p99: at(0.99) },
    throughputPerSecond: Math.round((batches * BATCH) / seconds),
    cpuMicrosecondsPerText: (used.user + used.system) / (batches * BATCH),
  }
}
