/** Ids in addresses. */
import { AppError } from '@/lib/core/errors'
import { isId } from '@/lib/core/ids'
import type { Call } from './route'

/** The id in a path; anything else names nothing. @throws not_found */
export function idOf(call: Call, name = 'id'): string {
  const id = call.params[name]?.toLowerCase()
  if (!isId(id)) throw new AppError('not_found')
  return id
}
