/** Names of things: UUIDv7 ids (RFC 9562), branded so that one kind is never passed for another. */
import { v5, v7 } from 'uuid'

declare const kind: unique symbol
type Id<K extends string> = string & { readonly [kind]?: K }

export type AccountId = Id<'account'>
export type UserId = Id<'user'>
export type MembershipId = Id<'membership'>
export type InboxId = Id<'inbox'>
export type ContactId = Id<'contact'>
export type ConversationId = Id<'conversation'>
export type MessageId = Id<'message'>
export type TeamId = Id<'team'>
export type LabelId = Id<'label'>

/** A fresh id; ids made later by the same process sort later. */
export const newId = (): string => v7()

/** The least id that could be made at that moment: ids from then on are not below it (RFC 9562, 5.7). */
export const firstIdAt = (moment: Date): string => {
  const time = moment.getTime().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`
}

/** The same id for the same text (UUIDv5): an act that is repeated makes nothing twice. */
export const idFrom = (text: string): string => v5(text, v5.URL)

const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** True for a canonical lower-case UUID. */
export const isId = (value: unknown): value is string => typeof value === 'string' && shape.test(value)
