/** Bytes on disk: whole or not at all, for their owner only, and never outside their folder. */
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { DiskStorage } from '@/lib/platform/storage/storage.disk'

let folder: string
let storage: DiskStorage
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storage-'))
  storage = new DiskStorage(join(folder, 'files'))
})
afterAll(() => rm(folder, { recursive: true }))

const names = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((each) => each.isFile())
    .map((each) => each.name)

test('what was put is got, until it is removed', async () => {
  const [account, id] = [newId(), newId()]
  const bytes = Buffer.from('sealed')
  await storage.put(account, id, bytes)
  expect(Buffer.from((await storage.get(account, id)) ?? [])).toEqual(bytes)
  const path = join(folder, 'files', account, id.slice(-2), id)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect((await stat(join(folder, 'files', account))).mode & 0o777).toBe(0o700)
  // The same id under another account is another thing.
  expect(await storage.get(newId(), id)).toBeNull()
  await storage.remove(account, id)
  await storage.remove(account, id)
  expect(await storage.get(account, id)).toBeNull()
})

test('a put that fails leaves nothing behind', async () => {
  const before = await names()
  await writeFile(join(folder, 'plain'), '')
  const blocked = new DiskStorage(join(folder, 'plain'))
  await expect(blocked.put(newId(), newId(), Buffer.from('x'))).rejects.toThrow()
  expect(await names()).toEqual([...before, 'plain'])
})

test.each(['../../etc/passwd', '..', '', 'x', `${newId()}/../x`])('%j is no name of anything', async (name) => {
  for (const [account, id] of [
    [newId(), name],
    [name, newId()],
  ] as const) {
    await expect(storage.put(account, id, Buffer.from('x'))).rejects.toMatchObject({ code: 'not_found' })
    await expect(storage.get(account, id)).rejects.toMatchObject({ code: 'not_found' })
    await expect(storage.remove(account, id)).rejects.toMatchObject({ code: 'not_found' })
  }
})
