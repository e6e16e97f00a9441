/** Explanations come from what serving has checked: files that came into its place later explain nothing. */
import { cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BundleError } from '@/models/bundle/error'
import { bundleName } from '@/models/bundle/name'
import { newSigningKey } from '@/models/bundle/sign'
import { sha256, writeBundle } from '@/models/bundle/write'
import { Bundles } from '@/models/serve/bundles'
import { Whys } from '@/models/serve/whys'
import { temporaryFolder } from '../../kit/installation'
import { FACTS, smallModel } from './small-model'

const home = temporaryFolder()
const [own, foreign] = ['019f0000-0000-7000-8000-000000000001', '019f0000-0000-7000-8000-000000000002']
const folder = join(home.path, 'models')
const key = newSigningKey()
let bundles: Bundles
let name: string
let place: string
beforeAll(async () => {
  for (const [seed, id] of [own, foreign].entries())
    await writeBundle(join(home.path, id), (await smallModel(seed + 1)).model, { ...FACTS, id, key })
  name = bundleName(own, sha256(readFileSync(join(home.path, own, 'manifest.json'))))
  place = join(folder, name)
  cpSync(join(home.path, own), place, { recursive: true })
  const base = join(process.cwd(), 'models/base/bundle')
  bundles = await Bundles.open({ base, folder, trustedKeys: [key.publicKey] })
}, 60_000)
afterAll(async () => {
  await bundles.close()
  home.remove()
})

const put = (id: string) => {
  rmSync(place, { recursive: true })
  cpSync(join(home.path, id), place, { recursive: true })
}
const asked = { head: 'intent', text: 'I want a refund' } as const
const explain = (whys: Whys) => bundles.use(name, (opened) => whys.explain(opened, { ...asked, bundle: name }))

it('refuses a foreign bundle in the place of one that is open, and explains again when that is back', async () => {
  const served = await bundles.use(name, async ([first]) => first?.modelVersion)
  const kept = new Whys()
  expect((await explain(kept)).model_version).toBe(served)
  put(foreign)
  // What is open goes on serving; nothing is explained by weights that were never checked.
  expect(await bundles.use(name, async ([first]) => first?.modelVersion)).toBe(served)
  await expect(explain(new Whys())).rejects.toThrow(BundleError)
  // Weights that were kept are those that were checked.
  expect((await explain(kept)).model_version).toBe(served)
  put(own)
  expect((await explain(new Whys())).model_version).toBe(served)
})
