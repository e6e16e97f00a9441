/** A lock file that names its holder and is free again when that process is gone, however it went. */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** @typedef {{ pid: number, born: string | null, startedAt: string }} Holder */

/**
 * Takes the lock, or returns who holds it. `release` gives it back only when it is still ours.
 * @param {string} file
 * @returns {{ release: () => void, holder?: undefined } | { holder: Holder, release?: undefined }}
 */
export function takeLock(file) {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const mine = {
    ...identify(process.pid),
    startedAt: new Date().toISOString(),
  }
  for (let attempt = 0; attempt < 20; attempt++) {
    if (writeNew(file, mine)) return { release: () => release(file, mine) }
    const holder = readHolder(file)
    if (holder !== undefined && isSameProcess(holder)) return { holder }
    clearStale(file)
  }
  throw new Error(`The lock ${file} can neither be taken nor cleared; remove it when no Lingxi is running.`)
}

/** Waits for the lock, for work that must not run twice at a time. */
export async function waitForLock(file, whenWaiting) {
  for (let told = false; ; told = true) {
    const lock = takeLock(file)
    if (lock.release) return lock.release
    if (!told) whenWaiting?.(lock.holder)
    await sleep(300)
  }
}

/** Who holds this lock now, if anybody does. */
export function currentHolder(file) {
  const holder = readHolder(file)
  return holder !== undefined && isSameProcess(holder) ? holder : undefined
}

/** The file appears with its content in one step: nobody ever reads a half one. */
function writeNew(file, holder) {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(holder)}\n`, { mode: 0o600 })
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function readHolder(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** @param {number} pid @returns {{ pid: number, born: string | null }} */
export function identify(pid) {
  return { pid, born: bornAt(pid) }
}

/** Is that process, and not another one under its number, still running? @param {{ pid: number, born: string | null }} holder */
export function isSameProcess(holder) {
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if (error.code !== 'EPERM') return false
  }
  // Killed and not yet fetched by its parent (which a container's first process may never do): nothing of it runs.
  if (/^[ZX]/.test(statOf(holder.pid)?.[0] ?? '')) return false
  // After a reboot or in a new container the same number may be somebody else's.
  const born = bornAt(holder.pid)
  return born === null || holder.born === null || born === holder.born
}

/** Boot and start tick of a process where the system tells them (Linux), else null. */
function bornAt(pid) {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const started = statOf(pid)?.[19]
    return started ? `${boot}/${started}` : null
  } catch {
    return null
  }
}

/** What Linux says of a process from its state on (proc_pid_stat(5), field 3); null elsewhere. */
function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return null
  }
}

/** Only one at a time may clear a stale lock; otherwise a slow one would clear the fast one's new lock. */
function clearStale(file) {
  const gate = `${file}.clearing`
  try {
    mkdirSync(gate)
  } catch {
    try {
      if (Date.now() - statSync(gate).mtimeMs > 5_000) rmSync(gate, { recursive: true, force: true })
    } catch {
      // The other one has finished.
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 25)
    return
  }
  try {
    const holder = readHolder(file)
    if (holder === undefined || !isSameProcess(holder)) {
      renameSync(file, `${file}.stale`)
      rmSync(`${file}.stale`, { force: true })
    }
  } catch {
    // Already gone.
  } finally {
    rmSync(gate, { recursive: true, force: true })
  }
}

function release(file, mine) {
  const holder = readHolder(file)
  if (holder?.pid === mine.pid && holder.born === mine.born) rmSync(file, { force: true })
}
