/** Places in a list, as opaque text: after which row the next page begins. */
import { AppError } from '@/lib/core/errors'
import { isId } from '@/lib/core/ids'

/** `list`: after a row by its activity, in a search those found by their contact or number; `search`: after a hit in a message. */
export type ListCursor = { kind: 'list'; at: Date; id: string } | { kind: 'search'; hit: string }

export const writeCursor = (cursor: ListCursor): string =>
  Buffer.from(
    cursor.kind === 'list' ? `l${cursor.at.getTime().toString(36)}.${cursor.id}` : `s.${cursor.hit}`,
  ).toString('base64url')

/** @throws invalid_input for text that is no cursor */
export function readCursor(text: string): ListCursor {
  const [head = '', id = ''] = Buffer.from(text, 'base64url').toString('latin1').split('.')
  const at = new Date(Number.parseInt(head.slice(1), 36))
  if (isId(id)) {
    if (head === 's') return { kind: 'search', hit: id }
    if (head.startsWith('l') && !Number.isNaN(at.getTime())) return { kind: 'list', at, id }
  }
  throw new AppError('invalid_input', { field: 'cursor' })
}
