/**
 * Whom this installation erased: ids in a file of the data folder. A backup of the database that is put back knows nothing of it;
 * the worker reads this file and erases again.
 */
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Env } from '../core/env'
import { isId } from '../core/ids'

export interface Erasure {
  accountId: string
  contactId: string
}

const fileOf = (env: Env): string => join(env.LINGXI_DATA_DIR, 'erased.jsonl')

/** Written down before anything is erased, so that a crash in between only leaves it to be done again. */
export async function noteErasure(env: Env, { accountId, contactId }: Erasure): Promise<void> {
  await mkdir(env.LINGXI_DATA_DIR, { recursive: true, mode: 0o700 })
  const file = await open(fileOf(env), 'a', 0o600)
  try {
    // Begins a line of its own, also behind one that a crash or a copy cut off.
    await file.write(`\n${JSON.stringify({ accountId, contactId })}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Each once. */
export async function readErasures(env: Env): Promise<Erasure[]> {
  const text = await readFile(fileOf(env), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  const found = new Map<string, Erasure>()
  for (const line of text.split('\n')) {
    // A line that a crash cut off was not acted on either.
    const erasure = parsed(line)
    if (erasure) found.set(`${erasure.accountId} ${erasure.contactId}`, erasure)
  }
  return [...found.values()]
}

function parsed(line: string): Erasure | null {
  try {
    const { accountId, contactId } = JSON.parse(line) as Partial<Erasure>
    return isId(accountId) && isId(contactId) ? { accountId, contactId } : null
  } catch {
    return null
  }
}
