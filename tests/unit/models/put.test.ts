/** A bundle that was made again: a whole one in its place stays, one that would be refused gives way to it. */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bundleName } from '@/models/bundle/name'
import { putBundle } from '@/models/bundle/put'
import { readBundle } from '@/models/bundle/read'
import { newSigningKey, signManifest } from '@/models/bundle/sign'
import { sha256, writeBundle } from '@/models/bundle/write'
import { temporaryFolder } from '../../kit/installation'
import { FACTS, smallModel } from './small-model'

const home = temporaryFolder()
const id = '019f0000-0000-7000-8000-000000000001'
const key = newSigningKey()
const made = join(home.path, 'made')
const folder = join(home.path, 'models')
const draft = join(folder, '.draft')
let digest: string
let place: string
beforeAll(async () => {
  const { model } = await smallModel()
  await writeBundle(made, model, { ...FACTS, id, key })
  digest = sha256(readFileSync(join(made, 'manifest.json')))
  place = join(folder, bundleName(id, digest))
}, 60_000)
afterAll(() => home.remove())

const options = () => ({ expected: { id, digest }, trustedKeys: [key.publicKey] })
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true })
  cpSync(made, draft, { recursive: true })
})

/** Nothing but the bundle is left, and it would be opened. */
function isThere(): void {
  readBundle(place, options())
  expect(readdirSync(folder)).toEqual([bundleName(id, digest)])
}

describe('a bundle that is put in its place', () => {
  it('is the first one there', () => {
    expect(putBundle(draft, `${draft}-before`, options())).toBe(place)
    isThere()
  })

  it('leaves a whole one as it is, and young again', () => {
    cpSync(made, place, { recursive: true })
    utimesSync(place, new Date(0), new Date(0))
    const before = statSync(join(place, 'manifest.json')).ino
    putBundle(draft, `${draft}-before`, options())
    expect(statSync(join(place, 'manifest.json')).ino).toBe(before)
    expect(Date.now() - statSync(place).mtimeMs).toBeLessThan(60_000)
    readBundle(place, options())
  })

  const damages: Record<string, () => void> = {
    'a part with another byte': () => {
      const bytes = readFileSync(join(place, 'model.onnx'))
      bytes[100] = (bytes[100] as number) ^ 1
      writeFileSync(join(place, 'model.onnx'), bytes)
    },
    'a part that is gone': () => rmSync(join(place, 'vocabulary.bin')),
    'no manifest': () => rmSync(join(place, 'manifest.json')),
    'another manifest': () => writeFileSync(join(place, 'manifest.json'), '{}'),
    'a signature of a stranger': () => {
      const text = readFileSync(join(place, 'manifest.json'), 'utf8')
      writeFileSync(join(place, 'signature.json'), JSON.stringify(signManifest(text, newSigningKey())))
    },
  }
  it.each(Object.keys(damages))('takes the place of one with %s', (name) => {
    cpSync(made, place, { recursive: true })
    damages[name]?.()
    expect(() => readBundle(place, options())).toThrow()
    putBundle(draft, `${draft}-before`, options())
    isThere()
    expect(existsSync(draft)).toBe(false)
  })
})
