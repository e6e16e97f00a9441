/** A storage that forgets with its test. */
import type { Storage } from '@/lib/core/ports'

export class MemoryStorage implements Storage {
  readonly held = new Map<string, Uint8Array>()

  async put(_accountId: string, id: string, bytes: Uint8Array): Promise<void> {
    this.held.set(id, bytes)
  }

  async get(_accountId: string, id: string): Promise<Uint8Array | null> {
    return this.held.get(id) ?? null
  }

  async remove(_accountId: string, id: string): Promise<void> {
    this.held.delete(id)
  }
}
