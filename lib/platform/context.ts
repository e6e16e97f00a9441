/** What every flow is given: who acts, in which account, and the machines to act with. */

import type { Env } from '../core/env'
import type { AccountId, ContactId, InboxId, MembershipId, UserId } from '../core/ids'
import type { Locale } from '../core/locale'
import type { Classifier, EventBus, Mailer, Storage, Trainer } from '../core/ports'
import type { Vault } from './crypto/vault'
import type { Database } from './db/database'
import type { Log } from './log'

export const roles = ['owner', 'admin', 'agent', 'viewer'] as const
export type Role = (typeof roles)[number]

export type Actor =
  | { kind: 'member'; userId: UserId; membershipId: MembershipId; role: Role }
  | { kind: 'user'; userId: UserId }
  | { kind: 'visitor'; contactId: ContactId; sessionId: string; inboxId: InboxId }
  | { kind: 'system'; reason: string }

/** The chosen implementations, made once per process by lib/start.ts. */
export interface Services {
  env: Env
  log: Log
  database: Database
  vault: Vault
  classifier: Classifier
  bus: EventBus
  mailer: Mailer
  storage: Storage
  trainer: Trainer
  /** Whether this process can show pages by now; one that shows none (the worker) has nothing to wait for. */
  pages: { ready: boolean }
}

export interface Ctx {
  services: Services
  actor: Actor
  /** Empty for acts outside any account (sign-in, sign-up). */
  accountId: AccountId
  locale: Locale
  now(): Date
  newId(): string
  /** 0 ≤ x < 1 */
  random(): number
}

/** A context for the product's own acts (jobs, late labels, the seed). */
export type MemberActor = Extract<Actor, { kind: 'member' }>
