/** Files an agent brings to a conversation: on their way, there, or failed; they survive moving between conversations. */
'use client'

import { useSyncExternalStore } from 'react'
import { ApiError } from '@/app/_ui/api'
import { newId } from '@/app/_ui/new-id'
import type { Sending } from '@/app/_ui/upload'
import { whenNeeded } from '@/app/_ui/when-needed'
import { type AttachedFile, largestFile } from '@/lib/core/attachment'

export interface Upload {
  id: string
  conversationId: string
  name: string
  size: number
  /** Address of the picture on this device; null for other files. */
  picture: string | null
  /** In the composer; otherwise a message has taken it. */
  waiting: boolean
  /** How much has left, 0..1. */
  share: number
  state: 'sending' | 'stored' | 'failed'
  error?: unknown
}

interface Work {
  file: File
  url: string
  sending: Sending<AttachedFile>
}

let uploads: readonly Upload[] = []
const works = new Map<string, Work>()
const listeners = new Set<() => void>()
const nothing: readonly Upload[] = []

/** Files live as long as the page: leaving it asks first while there are any. */
const hold = (event: BeforeUnloadEvent) => event.preventDefault()

function set(next: readonly Upload[]) {
  uploads = next
  if (next.length) window.addEventListener('beforeunload', hold)
  else window.removeEventListener('beforeunload', hold)
  for (const listener of listeners) listener()
}
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
const change = (ids: readonly string[], part: Partial<Upload>) =>
  set(uploads.map((each) => (ids.includes(each.id) ? { ...each, ...part } : each)))

const engine = whenNeeded(() => import('@/app/_ui/upload'))

function begin(id: string, url: string, file: File): Sending<AttachedFile> {
  let stop = () => {}
  const run = async () => {
    // What the server would refuse after minutes of waiting is refused here.
    if (file.size > largestFile) throw new ApiError('attachment_too_large', 413)
    const { upload } = await engine()
    const sending = upload<AttachedFile>(url, file, (share) => change([id], { share }))
    stop = sending.stop
    return sending.done
  }
  return { done: run(), stop: () => stop() }
}

function start(id: string, url: string, file: File): void {
  const sending = begin(id, url, file)
  works.set(id, { file, url, sending })
  change([id], { state: 'sending', share: 0, error: undefined })
  sending.done.then(
    () => change([id], { state: 'stored', share: 1 }),
    (error: unknown) => change([id], { state: 'failed', error }),
  )
}

export function addFiles(account: string, conversationId: string, files: readonly File[]): void {
  const url = `/api/v1/${encodeURIComponent(account)}/conversations/${conversationId}/attachments`
  const fresh = files.map((file): [Upload, File] => {
    const picture = /^image\/(png|jpeg|gif|webp)$/.test(file.type) ? URL.createObjectURL(file) : null
    const { name, size } = file
    const id = newId()
    return [{ id, conversationId, name, size, picture, waiting: true, share: 0, state: 'sending' }, file]
  })
  set([...uploads, ...fresh.map(([each]) => each)])
  for (const [{ id }, file] of fresh) start(id, url, file)
}

export function retryUpload(id: string): void {
  const work = works.get(id)
  if (work) start(id, work.url, work.file)
}

/** Takes files out for good. */
export function forget(ids: readonly string[]): void {
  for (const { id, picture, state } of uploads) {
    if (!ids.includes(id)) continue
    if (picture) URL.revokeObjectURL(picture)
    if (state === 'sending') works.get(id)?.sending.stop()
    works.delete(id)
  }
  set(uploads.filter((each) => !ids.includes(each.id)))
}

/** A message takes the files out of the composer, or gives them back. */
export const hand = (ids: readonly string[], toComposer: boolean): void => change(ids, { waiting: toComposer })

/** The stored files, in order, once all are there; what failed is tried once more. */
export function stored(ids: readonly string[]): Promise<AttachedFile[]> {
  for (const { id, state } of uploads) if (ids.includes(id) && state === 'failed') retryUpload(id)
  return Promise.all(ids.flatMap((id) => works.get(id)?.sending.done ?? []))
}

export const useUploads = (): readonly Upload[] =>
  useSyncExternalStore(
    subscribe,
    () => uploads,
    () => nothing,
  )
