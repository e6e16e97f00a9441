/** A storage that forgets with its test. */
import type { Storage } from '@/lib/core/ports'

export class MemoryStorage implements Storage {
  /** By `account/id`. */
  readonly held = new Map<string, Uint8Array>()

  async put(accountId: string, id: string, bytes: Uint8Array): Promise<void> {
    this.held.set(`${accountId}/${id}`, bytes)
  }

  async get(accountId: string, id: string): Promise<Uint8Array | null> {
    return this.held.get(`${accountId}/${id}`) ?? null
  }

  async remove(accountId: string, id: string): Promise<void> {
    this.held.delete(`${accountId}/${id}`)
  }

  async removeAll(accountId: string): Promise<void> {
    for (const name of this.held.keys()) if (name.startsWith(`${accountId}/`)) this.held.delete(name)
  }
}
