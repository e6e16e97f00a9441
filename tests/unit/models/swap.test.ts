/** Bundles swapped while many ask: no request is dropped or answered by anything but one of the two versions. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { readBundle } from '@/models/bundle/read'
import { writeBundle } from '@/models/bundle/write'
import { Bundles } from '@/models/serve/bundles'
import { InferenceServer } from '@/models/serve/server'
import { FACTS, smallModel } from './small-model'

const root = mkdtempSync(join(tmpdir(), 'lingxi-swap-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

it.each([
  ['with room for all', undefined],
  // Every bundle pushes the other out: opening, swapping and closing meet all the time.
  ['with room for one', 1],
])(
  'no request is dropped while bundles are swapped, %s',
  async (_, limit) => {
    const folder = join(root, `models-${limit}`)
    const models = [await smallModel(1), await smallModel(2)]
    const swap = (id: string, at: number) => writeBundle(join(folder, id), models[at % 2]?.model as never, FACTS)
    const versions = new Set<string>()
    for (const at of [1, 0]) {
      await swap('shop-1', at)
      await swap('shop-2', at)
      versions.add(readBundle(join(folder, 'shop-1')).modelVersion)
    }
    const base = join(process.cwd(), 'models/base/bundle')
    const bundles = await Bundles.open({ base, folder, ...(limit ? { limit } : {}) })
    const server = new InferenceServer(bundles)
    const url = `http://127.0.0.1:${await server.listen(0)}/v2/models/lingxi/infer`
    const seen = new Map<string, number>()
    let stop = false
    const ask = async (bundle: string) => {
      while (!stop) {
        const inputs = [{ name: 'text', shape: [1], datatype: 'BYTES', data: ['where is my parcel'] }]
        const response = await fetch(url, { method: 'POST', body: JSON.stringify({ parameters: { bundle }, inputs }) })
        const told = (await response.json()) as { model_version: string; outputs: { data: unknown[] }[] }
        const key = response.status === 200 && told.outputs[0]?.data[0] === 'order_status' ? told.model_version : told
        seen.set(JSON.stringify(key), (seen.get(JSON.stringify(key)) ?? 0) + 1)
      }
    }
    const asking = ['shop-1', 'shop-2', 'shop-1', 'shop-2', 'shop-1', 'shop-2'].map(ask)
    for (let at = 1; at <= 8; at++) {
      await swap('shop-1', at)
      await swap('shop-2', at)
      const key = JSON.stringify(readBundle(join(folder, 'shop-2')).modelVersion)
      const wanted = (seen.get(key) ?? 0) + 4
      // Until the new versions answer.
      for (let tries = 0; tries < 2000 && (seen.get(key) ?? 0) < wanted; tries++) await sleep(5)
    }
    stop = true
    await Promise.all(asking)
    await server.close()
    expect([...seen.keys()].sort()).toEqual([...versions].map((version) => JSON.stringify(version)).sort())
    for (const count of seen.values()) expect(count).toBeGreaterThanOrEqual(16)
  },
  120_000,
)
