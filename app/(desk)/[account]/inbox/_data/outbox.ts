/** What the agent has sent and the server has not confirmed yet, and drafts; both survive moving between conversations. */
'use client'

import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useCallback, useSyncExternalStore } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import type { Api } from '@/app/_ui/api'
import type { DeskMessage } from '@/lib/features/conversations/transcript'
import { addMessages } from './transcript'
import { forget, hand, stored } from './uploads'

export interface Unsent {
  clientId: string
  conversationId: string
  text: string
  /** Ids of uploads that go along. */
  files: readonly string[]
  private: boolean
  at: string
  state: 'sending' | 'failed'
  error?: unknown
}

let unsent: readonly Unsent[] = []
const listeners = new Set<() => void>()
const nothing: readonly Unsent[] = []

function set(next: readonly Unsent[]) {
  unsent = next
  for (const listener of listeners) listener()
}
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
const change = (clientId: string, part: Partial<Unsent>) =>
  set(unsent.map((each) => (each.clientId === clientId ? { ...each, ...part } : each)))
const remove = (clientId: string) => set(unsent.filter((each) => each.clientId !== clientId))

interface Sender {
  api: Api
  client: QueryClient
  account: string
  me: DeskMessage['author']
}

async function deliver(message: Unsent, { api, client, account, me }: Sender): Promise<boolean> {
  try {
    const { conversationId: id, clientId, text, files } = message
    const attachments = await stored(files)
    const path = `conversations/${id}/${message.private ? 'note' : 'reply'}`
    const written = await api.post<{ id: string; sequence: number; createdAt: string }>(path, {
      clientId,
      text,
      attachments: attachments.map((file) => file.id),
    })
    const { sequence, createdAt } = written
    const shown: DeskMessage = {
      id: written.id,
      sequence,
      createdAt,
      clientId,
      text,
      kind: 'outgoing',
      private: message.private,
      author: me,
      activity: null,
      labelState: 'none',
      prediction: null,
      corrections: [],
      flag: null,
      attachments,
    }
    addMessages(client, account, id, [shown])
    remove(clientId)
    forget(files)
    return true
  } catch (error) {
    change(message.clientId, { state: 'failed', error })
    return false
  }
}

/** Sending, sending again and discarding. The same client id goes out again, so that nothing is ever stored twice. */
export function useOutbox(me: DeskMessage['author']) {
  const api = useApi()
  const account = useAccount()
  const client = useQueryClient()
  const all = useSyncExternalStore(
    subscribe,
    () => unsent,
    () => nothing,
  )
  const send = useCallback(
    (conversationId: string, text: string, isPrivate: boolean, files: readonly string[] = []): Promise<boolean> => {
      const message: Unsent = {
        clientId: crypto.randomUUID(),
        conversationId,
        text,
        files,
        private: isPrivate,
        at: new Date().toISOString(),
        state: 'sending',
      }
      hand(files, false)
      set([...unsent, message])
      return deliver(message, { api, client, account, me })
    },
    [api, client, account, me],
  )
  const retry = useCallback(
    (message: Unsent) => {
      change(message.clientId, { state: 'sending' })
      void deliver(message, { api, client, account, me })
    },
    [api, client, account, me],
  )
  return { unsent: all, send, retry }
}

type DraftListener = (id: string, isPrivate: boolean, text: string) => void
const draftListeners = new Set<DraftListener>()
/** Calls `listener` when a message that failed is taken back into the composer. */
export function onDraft(listener: DraftListener): () => void {
  draftListeners.add(listener)
  return () => draftListeners.delete(listener)
}

/** Takes a message that was not sent back into the composer. */
export function editUnsent({ clientId, conversationId, private: isPrivate, text, files }: Unsent): void {
  remove(clientId)
  hand(files, true)
  keepDraft(conversationId, isPrivate, text)
  for (const listener of draftListeners) listener(conversationId, isPrivate, text)
}

const drafts = new Map<string, string>()
const draftKey = (id: string, isPrivate: boolean) => `${id} ${isPrivate ? 'note' : 'reply'}`
export const readDraft = (id: string, isPrivate: boolean): string => drafts.get(draftKey(id, isPrivate)) ?? ''
export const keepDraft = (id: string, isPrivate: boolean, text: string): void => {
  if (text) drafts.set(draftKey(id, isPrivate), text)
  else drafts.delete(draftKey(id, isPrivate))
}
