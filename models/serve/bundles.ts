/** Keeps several bundles open at once within a bound of memory; the base always stays, the longest unused goes first. */
import { existsSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BundleError } from '../bundle/error'
import { promiseOf } from '../bundle/name'
import { type OpenBundle, type OpenOptions, openBundle } from './open'

export interface BundlesOptions extends OpenOptions {
  /** Folder of the shipped base bundle. */
  base: string
  /** Folder that holds one folder per bundle id. */
  folder?: string
  /** Bytes of memory that bundles besides the base may hold. */
  limit?: number
}

export interface Loaded {
  id: string
  modelVersion: string
  bytes: number
  provider: string
  encoder?: { name: string; provider: string }
}

interface Entry {
  bundle: OpenBundle
  stamp: string
  inUse: number
  retired: boolean
  closed: boolean
  /** When a newer version that was refused for something beside it is tried again, on performance.now's clock. */
  retryAt: number
}

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/
/** About 25 accounts' models at once; others are opened when they are asked. */
const LIMIT = 512 * 1024 * 1024
/** A missing encoder may be installed at any time, a part put back; looking for it costs a read of the bundle. */
const RETRY_MS = 10_000
/** Refusals kept in mind. */
const REFUSALS = 200

export class Bundles {
  private readonly entries = new Map<string, Entry>()
  private readonly opening = new Map<string, Promise<Entry>>()
  /** Why the newest version of a bundle is refused, whether an older one that was open keeps serving or none is. */
  readonly refusals = new Map<string, BundleError>()
  /** What those looked like: reading one costs as much as a good one, so it is tried again when it changed or a while has passed. */
  private readonly refused = new Map<string, { stamp: string; retryAt: number }>()

  private constructor(
    private readonly options: BundlesOptions,
    readonly base: OpenBundle,
  ) {}

  static async open(options: BundlesOptions): Promise<Bundles> {
    // The base comes with the product; keys are asked of what was trained here.
    const { trustedKeys: _keys, ...plain } = options
    return new Bundles(options, await openBundle(options.base, plain))
  }

  /** Runs `work` with the bundle (and the base for heads that it lacks); it is not closed while in use. */
  async use<T>(id: string, work: (bundles: readonly OpenBundle[]) => Promise<T>): Promise<T> {
    if (id === 'base') return work([this.base])
    let entry = await this.entry(id)
    // Retired by a neighbour between the two lines: ask again.
    while (entry.closed) entry = await this.entry(id)
    entry.inUse++
    try {
      return await work([entry.bundle, this.base])
    } finally {
      entry.inUse--
      if (entry.retired) closeUnused(entry)
    }
  }

  loaded(): Loaded[] {
    const own = [...this.entries].map(([id, entry]) => describe(id, entry.bundle))
    return [describe('base', this.base), ...own]
  }

  private async entry(id: string): Promise<Entry> {
    if (!ID.test(id) || id.includes('..')) throw new BundleError('missing', 'that is not a bundle id')
    const path = this.options.folder ? join(this.options.folder, id) : ''
    const current = this.entries.get(id)
    const stamp = stampOf(path)
    const settled = current && (current.stamp === stamp || stamp === '') && performance.now() < current.retryAt
    if (settled) return this.touch(id, current)
    const running = this.opening.get(id)
    if (running) return running
    const [known, before] = [this.refusals.get(id), this.refused.get(id)]
    if (known && before?.stamp === stamp && !current && performance.now() < before.retryAt) throw known
    const opening = this.replace(id, path, stamp, current)
    this.opening.set(id, opening)
    try {
      return await opening
    } finally {
      this.opening.delete(id)
    }
  }

  /** A newer version that is refused leaves the last good one serving. */
  private async replace(id: string, path: string, stamp: string, current: Entry | undefined): Promise<Entry> {
    try {
      const bundle = await this.open(path)
      const fresh: Entry = { bundle, stamp, inUse: 0, retired: false, closed: false, retryAt: Number.POSITIVE_INFINITY }
      if (current) retire(current)
      this.forget(id)
      this.touch(id, fresh)
      this.shrink(id)
      return fresh
    } catch (error) {
      if (!(error instanceof BundleError)) throw error
      const retryAt = error.code.startsWith('encoder_') ? performance.now() + RETRY_MS : Number.POSITIVE_INFINITY
      this.forget(id)
      if (this.refusals.size >= REFUSALS) this.forget(this.refusals.keys().next().value as string)
      this.refusals.set(id, error)
      // Nothing there costs nothing to look for.
      if (stamp) this.refused.set(id, { stamp, retryAt: performance.now() + RETRY_MS })
      if (!current) throw error
      current.stamp = stamp
      current.retryAt = retryAt
      return this.touch(id, current)
    }
  }

  private forget(id: string): void {
    this.refusals.delete(id)
    this.refused.delete(id)
  }

  /** A folder that is swapped while it is read looks damaged, or gone for a moment: then it is read once more. */
  private async open(path: string): Promise<OpenBundle> {
    const expected = promiseOf(basename(path))
    for (let again = 0; ; again++) {
      const stamp = stampOf(path)
      try {
        return await openBundle(path, { ...this.options, ...(expected ? { expected } : {}) })
      } catch (error) {
        await sleep(5)
        if (!(error instanceof BundleError) || again >= 3 || stampOf(path) === stamp) throw error
      }
    }
  }

  private touch(id: string, entry: Entry): Entry {
    this.entries.delete(id)
    this.entries.set(id, entry)
    return entry
  }

  private shrink(keep: string): void {
    const limit = this.options.limit ?? LIMIT
    let total = 0
    for (const entry of this.entries.values()) total += entry.bundle.bytes
    for (const [id, entry] of this.entries) {
      if (total <= limit) break
      if (id === keep) continue
      total -= entry.bundle.bytes
      this.entries.delete(id)
      retire(entry)
    }
  }

  async close(): Promise<void> {
    for (const entry of this.entries.values()) retire(entry)
    this.entries.clear()
    await this.base.close()
  }
}

function retire(entry: Entry): void {
  entry.retired = true
  closeUnused(entry)
}

function closeUnused(entry: Entry): void {
  if (entry.inUse > 0 || entry.closed) return
  entry.closed = true
  void entry.bundle.close()
}

/** Changes whenever the folder is replaced; empty when there is none. */
function stampOf(path: string): string {
  const manifest = join(path, 'manifest.json')
  if (!path || !existsSync(manifest)) return ''
  const { ino, mtimeMs, size } = statSync(manifest)
  return `${ino}:${mtimeMs}:${size}`
}

function describe(id: string, bundle: OpenBundle): Loaded {
  const { modelVersion, bytes, provider, sentence } = bundle
  const encoder = sentence && { name: sentence.name, provider: sentence.provider.used }
  return { id, modelVersion, bytes, provider: provider.used, ...(encoder ? { encoder } : {}) }
}
