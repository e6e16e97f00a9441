/** A lock file that names its holder and is free again when that process is gone, however it went. */
import { execFileSync } from 'node:child_process'
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
  return { pid, born: lookAt(pid).born }
}

/** Is that process, and not another one under its number, still running? @param {{ pid: number, born: string | null }} holder */
export function isSameProcess(holder) {
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if (error.code !== 'EPERM') return false
  }
  const { state, born } = lookAt(holder.pid)
  // Killed and not yet fetched by its parent (which a container's first process may never do): nothing of it runs.
  if (/^[ZX]/.test(state)) return false
  // After a reboot or in a new container the same number may be somebody else's.
  return born === null || holder.born === null || born === holder.born
}

const unknown = { state: '', born: null }

/** A process's state, and when it began: Linux has it in files, the other Unixes' `ps` says it; nobody tells on Windows. */
function lookAt(pid) {
  return fromFiles(pid) ?? fromPs(pid)
}

/** Boot and start tick (proc_pid_stat(5): the state is field 3, the start field 22). */
function fromFiles(pid) {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0], born: `${boot}/${fields[19]}` }
  } catch (error) {
    // A process that is gone has no file where others have one.
    return error.path?.endsWith('/stat') ? unknown : null
  }
}

/** State and start, in words and a time zone that are the same for every caller. @param {number} pid */
export function fromPs(pid) {
  try {
    const args = ['-o', 'state=', '-o', 'lstart=', '-p', String(pid)]
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }
    const said = execFileSync('ps', args, {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5_000,
    })
    const [state, ...born] = said.trim().split(/\s+/)
    return { state, born: born.join(' ') || null }
  } catch {
    return unknown
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
