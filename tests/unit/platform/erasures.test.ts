/** The list of the erased outlives crashes and copies: a line that was cut off costs no other. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Env } from '@/lib/core/env'
import { newId } from '@/lib/core/ids'
import { noteErasure, readErasures } from '@/lib/platform/erasures'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'erasures-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const envOf = (path: string) => ({ LINGXI_DATA_DIR: path }) as Env
const listIn = (path: string) => join(path, 'erased.jsonl')
const someone = () => ({ accountId: newId(), contactId: newId() })
const cut = '{"accountId":"0193'

test('whoever is noted behind a line that a crash cut off is read', async () => {
  const [one, two] = [someone(), someone()]
  await noteErasure(envOf(folder), one)
  appendFileSync(listIn(folder), cut)
  await noteErasure(envOf(folder), two)
  expect(await readErasures(envOf(folder))).toEqual([one, two])
})

test('so is a list that is added to another, each once', async () => {
  const copy = join(folder, 'copy')
  const [both, later] = [someone(), someone()]
  await noteErasure(envOf(copy), both)
  appendFileSync(listIn(copy), cut)
  for (const one of [later, both]) await noteErasure(envOf(folder), one)
  appendFileSync(listIn(copy), readFileSync(listIn(folder)))
  expect(await readErasures(envOf(copy))).toEqual([both, later])
})
