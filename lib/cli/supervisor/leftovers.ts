/** Remembers which processes were started, so that a start after `kill -9` can end the ones still there. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { identify, isSameProcess } from '../launch/lock.mjs'

interface Known {
  pid: number
  born: string | null
}

const fileIn = (dataDir: string, mode: string) =>
  join(dataDir, mode === 'web' || mode === 'worker' ? `children-${mode}.json` : 'children.json')

export function rememberChildren(dataDir: string, mode: string, pids: readonly number[]): void {
  const file = fileIn(dataDir, mode)
  if (pids.length === 0) {
    rmSync(file, { force: true })
    return
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(pids.map(identify)), { mode: 0o600 })
}

/** Returns how many had to be ended. They were told by their closed channel already; this only makes sure. */
export async function endLeftovers(dataDir: string, mode: string): Promise<number> {
  const file = fileIn(dataDir, mode)
  const alive = read(file).filter(isSameProcess)
  for (const { pid } of alive) signal(pid, 'SIGTERM')
  for (let waited = 0; waited < 2_000 && alive.some(isSameProcess); waited += 50) await sleep(50)
  // What is acknowledged is stored, so even this loses nothing.
  for (const known of alive) if (isSameProcess(known)) signal(-known.pid, 'SIGKILL')
  for (let waited = 0; waited < 2_000 && alive.some(isSameProcess); waited += 50) await sleep(50)
  rmSync(file, { force: true })
  return alive.length
}

function read(file: string): Known[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Known[]
  } catch {
    return []
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // Gone in the meantime.
  }
}
