/** What the agent has sent and the server has not confirmed yet, and drafts; both outlive the page (`kept.ts`). */
'use client'

import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useSyncExternalStore } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import type { Api } from '@/app/_ui/api'
import { allKept, keep, readKept } from '@/app/_ui/kept'
import { newId } from '@/app/_ui/new-id'
import { useOwner } from '@/app/(desk)/_shell/session'
import type { DeskMessage } from '@/lib/features/conversations/transcript'
import { addMessages } from './transcript'
import { forget, hand, stored } from './uploads'

export interface Unsent {
  /** Who writes, for which account. */
  owner: string
  clientId: string
  conversationId: string
  text: string
  /** Ids of uploads that go along. */
  files: readonly string[]
  /** It had files, which ended with the page that held them. */
  lost?: boolean
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
function remove({ owner, clientId }: Unsent) {
  keep(owner, 'message', clientId, '')
  set(unsent.filter((each) => each.clientId !== clientId))
}

/** What an earlier page left: whether it arrived is not known, and sending it again is harmless. */
function restore(owner: string) {
  const left = allKept(owner, 'message').flatMap((text): Unsent[] => {
    const { files, ...message } = JSON.parse(text) as Unsent
    if (unsent.some((each) => each.clientId === message.clientId)) return []
    return [{ ...message, files: [], lost: files.length > 0, state: 'failed' }]
  })
  if (left.length) set([...unsent, ...left].sort((a, b) => (a.at < b.at ? -1 : 1)))
}

/** The sending that each conversation waits for: messages arrive in the order in which they were written. */
const turns = new Map<string, Promise<boolean>>()
function inTurn(id: string, work: () => Promise<boolean>): Promise<boolean> {
  const mine = (turns.get(id) ?? Promise.resolve()).then(work)
  turns.set(id, mine)
  return mine
}

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
    remove(message)
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
  const owner = useOwner()
  useEffect(() => {
    if (owner) restore(owner)
  }, [owner])
  const all = useSyncExternalStore(
    subscribe,
    () => unsent,
    () => nothing,
  )
  const send = useCallback(
    (conversationId: string, text: string, isPrivate: boolean, files: readonly string[] = []): Promise<boolean> => {
      if (!owner) return Promise.resolve(false)
      const message: Unsent = {
        owner,
        clientId: newId(),
        conversationId,
        text,
        files,
        private: isPrivate,
        at: new Date().toISOString(),
        state: 'sending',
      }
      hand(files, false)
      set([...unsent, message])
      keep(owner, 'message', message.clientId, JSON.stringify(message))
      return inTurn(conversationId, () => deliver(message, { api, client, account, me }))
    },
    [api, client, account, me, owner],
  )
  const retry = useCallback(
    (message: Unsent) => {
      change(message.clientId, { state: 'sending' })
      void inTurn(message.conversationId, () => deliver(message, { api, client, account, me }))
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

/** Gives a message up that was not sent, with its files. */
export function discardUnsent(message: Unsent): void {
  remove(message)
  forget(message.files)
}

/** Takes a message that was not sent back into the composer. */
export function editUnsent(message: Unsent): void {
  const { owner, conversationId, private: isPrivate, text, files } = message
  remove(message)
  hand(files, true)
  keepDraft(owner, conversationId, isPrivate, text)
  for (const listener of draftListeners) listener(conversationId, isPrivate, text)
}

const draftId = (id: string, isPrivate: boolean) => `${id}.${isPrivate ? 'note' : 'reply'}`
export const readDraft = (owner: string, id: string, isPrivate: boolean): string =>
  readKept(owner, 'draft', draftId(id, isPrivate))
export const keepDraft = (owner: string, id: string, isPrivate: boolean, text: string): void =>
  keep(owner, 'draft', draftId(id, isPrivate), text)
