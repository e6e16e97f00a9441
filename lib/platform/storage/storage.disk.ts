/** Keeps sealed bytes as files of the data folder; what `put` has accepted survives a loss of power. */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { AppError } from '../../core/errors'
import { isId } from '../../core/ids'
import type { Storage } from '../../core/ports'

/** The disk is full, or its quota is: what is stored stays readable. */
const full = new Set(['ENOSPC', 'EDQUOT', 'EROFS'])

/** Makes the name itself durable: a rename is only on disk once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export class DiskStorage implements Storage {
  readonly folder: string

  /** @param folder made with the first file */
  constructor(folder: string) {
    this.folder = resolve(folder)
  }

  /** The last digits of an id are random, the first are time: they spread over 256 folders. */
  #path(accountId: string, id: string): string {
    if (!isId(accountId) || !isId(id)) throw new AppError('not_found')
    return join(this.folder, accountId, id.slice(-2), id)
  }

  async put(accountId: string, id: string, bytes: Uint8Array): Promise<void> {
    const path = this.#path(accountId, id)
    const fresh = `${path}.new`
    try {
      const made = await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const handle = await open(fresh, 'wx', 0o600)
      try {
        await handle.writeFile(bytes)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(fresh, path)
      await syncFolder(dirname(path))
      // Folders that came with this file hang in their parents, which must know them, too.
      if (made) for (let at = dirname(path); at.length >= made.length; at = dirname(at)) await syncFolder(dirname(at))
    } catch (error) {
      await rm(fresh, { force: true }).catch(() => {})
      if (full.has((error as NodeJS.ErrnoException).code ?? ''))
        throw new AppError('storage_full', {}, { cause: error })
      throw error
    }
  }

  async get(accountId: string, id: string): Promise<Uint8Array | null> {
    return readFile(this.#path(accountId, id)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
  }

  async remove(accountId: string, id: string): Promise<void> {
    await rm(this.#path(accountId, id), { force: true })
  }

  async removeAll(accountId: string): Promise<void> {
    if (!isId(accountId)) throw new AppError('not_found')
    await rm(join(this.folder, accountId), { recursive: true, force: true })
  }
}
