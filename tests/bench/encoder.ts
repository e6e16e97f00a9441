/**
 * `npm run bench -- encoder`: sentence encoders and the head on every execution provider that starts on this machine, beside one
 * CPU core in the same run. The encoders have the shapes of real ones and random weights: what they cost, not what they know.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openEncoder } from '@/models/encoder/open-encoder'
import { classify } from '@/models/serve/classify'
import { openBundle } from '@/models/serve/open'
import type { ProviderChoice, ProviderWish } from '@/models/serve/runtime'
import { base, type Shape, small, writeLargeEncoder } from './kit/large-encoder'
import { percentile } from './kit/load'
import { texts } from './kit/texts'

const providers: ProviderWish[] = ['cpu', 'webgpu', 'cuda', 'directml', 'coreml']
const batches = [1, 32, 256]
/** Each figure is the median of runs in this time, or of the fewest. */
const limits = { milliseconds: 1_500, fewest: 3 }
const words = Array.from({ length: 4_000 }, (_, at) => `w${at}`)

/** Chat messages of 4–60 words. */
const messages = Array.from({ length: 256 }, (_, n) =>
  Array.from({ length: 4 + ((n * 7) % 57) }, (_, at) => words[(n * 31 + at * 17) % words.length]).join(' '),
)

/** Median milliseconds of a run. */
async function time(run: () => Promise<unknown>): Promise<number> {
  // The first run makes the kernels of this batch's shape.
  await run()
  const times: number[] = []
  const until = performance.now() + limits.milliseconds
  while (times.length < limits.fewest || performance.now() < until) {
    const from = performance.now()
    await run()
    times.push(performance.now() - from)
  }
  return percentile(
    times.sort((a, b) => a - b),
    0.5,
  )
}

interface Runner {
  provider: ProviderChoice
  run: (texts: string[]) => Promise<unknown>
  /** Numbers that must agree between providers. */
  probe: () => Promise<ArrayLike<number>>
  close: () => Promise<void>
}

async function compare(title: string, open: (provider: ProviderWish) => Promise<Runner>, input: string[]) {
  console.log(`\n${title}`)
  let reference: { perSecond: number[]; probe: ArrayLike<number> } | undefined
  for (const wish of providers) {
    const from = performance.now()
    const runner = await open(wish)
    const loaded = performance.now() - from
    try {
      if (runner.provider.used !== wish) {
        console.log(`  ${wish.padEnd(9)} not here: ${runner.provider.note}`)
        continue
      }
      const probe = await runner.probe()
      const perSecond: number[] = []
      const cells: string[] = []
      for (const [at, size] of batches.entries()) {
        const milliseconds = await time(() => runner.run(input.slice(0, size)))
        perSecond.push((1_000 * size) / milliseconds)
        const ratio = reference
          ? ` (${((perSecond[at] as number) / (reference.perSecond[at] as number)).toFixed(1)}×)`
          : ''
        cells.push(`${size}: ${milliseconds.toFixed(1)} ms, ${perSecond[at]?.toFixed(0)}/s${ratio}`)
      }
      const apart = reference
        ? `, differs by ${Math.max(...Array.from(probe, (one, i) => Math.abs(one - (reference?.probe[i] as number)))).toExponential(1)}`
        : ''
      console.log(`  ${wish.padEnd(9)} ${cells.join('   ')}   (loaded in ${loaded.toFixed(0)} ms${apart})`)
      reference ??= { perSecond, probe }
    } finally {
      await runner.close()
    }
  }
}

function encoderAt(folder: string): (provider: ProviderWish) => Promise<Runner> {
  return async (provider) => {
    const encoder = await openEncoder(folder, { provider })
    return {
      provider: encoder.provider,
      run: (input) => encoder.encode(input),
      probe: async () => (await encoder.encode(messages.slice(0, 1)))[0] as Float32Array,
      close: () => encoder.close(),
    }
  }
}

async function head(provider: ProviderWish): Promise<Runner> {
  const bundle = await openBundle(resolve('models/base/bundle'), { provider })
  return {
    provider: bundle.provider,
    run: (input) => classify([bundle], input),
    probe: async () => (await classify([bundle], texts)).map(({ intentProbability }) => intentProbability),
    close: () => bundle.close(),
  }
}

async function main(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'lingxi-encoder-'))
  try {
    console.log('texts per batch: median milliseconds, texts per second (ratio to one CPU core)')
    const shapes: [string, Shape][] = [
      ['12 layers of 384', small],
      ['12 layers of 768', base],
    ]
    for (const [name, shape] of shapes) {
      const size = writeLargeEncoder(join(home, name), words, shape)
      await compare(`sentence encoder, ${name}, ${size.toFixed(0)} MB`, encoderAt(join(home, name)), messages)
    }
    const many = Array.from({ length: 256 }, (_, n) => texts[n % texts.length] as string)
    await compare('the shipped model, cleaning to labels', head, many)
  } finally {
    rmSync(home, { recursive: true })
  }
}

await main()
