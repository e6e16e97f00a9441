/** Reads what a PostgreSQL server says about itself in `postmaster.pid`, and stops one that an earlier run left behind. */
import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Postmaster {
  readonly pid: number
  readonly port: number
  readonly ready: boolean
}

export async function readPostmaster(folder: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const lines = text.split('\n')
  const pid = Math.abs(Number(lines[0]))
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  return {
    pid,
    port: Number(lines[3] ?? 0),
    ready: lines[7]?.trim() === 'ready',
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Stops the server that a killed supervisor left on this folder. A process id that meanwhile belongs to something
 * else (a container restarts with the same small numbers) is recognised by its command line and only the file goes.
 */
export async function stopOrphan(folder: string): Promise<'none' | 'stopped' | 'stale'> {
  const found = await readPostmaster(folder)
  if (found === undefined) return 'none'
  if (!isAlive(found.pid) || !(await isPostgresOn(found.pid, folder))) {
    await rm(join(folder, 'postmaster.pid'), { force: true })
    return 'stale'
  }
  await stopPostmaster(found.pid, 8_000)
  return 'stopped'
}

/** Fast shutdown (connections are closed, everything acknowledged is on disk); immediate when that takes too long. */
export async function stopPostmaster(pid: number, graceMs: number): Promise<void> {
  signal(pid, 'SIGINT')
  if (await gone(pid, graceMs)) return
  signal(pid, 'SIGQUIT')
  if (await gone(pid, 2_000)) return
  signal(pid, 'SIGKILL')
  await gone(pid, 2_000)
}

async function gone(pid: number, withinMs: number): Promise<boolean> {
  for (let waited = 0; waited <= withinMs; waited += 25) {
    if (!isAlive(pid)) return true
    await sleep(25)
  }
  return false
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It ended by itself in the meantime.
  }
}

async function isPostgresOn(pid: number, folder: string): Promise<boolean> {
  const line = await commandLine(pid)
  return line.includes('postgres') && line.includes(folder)
}

async function commandLine(pid: number): Promise<string> {
  const fromProc = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined)
  if (fromProc !== undefined) return fromProc.replaceAll('\0', ' ')
  return new Promise((resolve) => {
    execFile('ps', ['-ww', '-p', String(pid), '-o', 'command='], (_error, out) => resolve(out ?? ''))
  })
}
