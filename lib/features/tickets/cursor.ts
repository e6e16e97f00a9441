/** Places in the ticket table: after which row, in which order, the next page begins. */
import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import { sorts, type TicketSort } from './rules'

const place = z.tuple([
  z.enum(sorts),
  z.enum(['asc', 'desc']),
  /** The row's values in the order of the sort: milliseconds, a number, a rank. */
  z.array(z.number().nullable()).max(2),
  z.uuid(),
])

export interface Place {
  values: (number | null)[]
  id: string
}

export const writePlace = (sort: TicketSort, direction: 'asc' | 'desc', at: Place): string =>
  Buffer.from(JSON.stringify([sort, direction, at.values, at.id])).toString('base64url')

/** @throws invalid_input for text that is no place, or one in another order */
export function readPlace(text: string, sort: TicketSort, direction: 'asc' | 'desc'): Place {
  try {
    const [ofSort, ofDirection, values, id] = place.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    if (ofSort === sort && ofDirection === direction) return { values, id }
  } catch {
    // Falls through: whatever was wrong, it is no place of this table.
  }
  throw new AppError('invalid_input', { field: 'cursor' })
}
