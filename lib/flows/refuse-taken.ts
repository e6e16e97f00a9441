/** Turns a clash of names at the database (two people at the same moment) into the refusal that people know. */
import { AppError } from '@/lib/core/errors'
import { isTaken } from '@/lib/platform/db/trouble'

/** For `.catch(refuseTaken)` after a transaction that writes a unique name. */
export function refuseTaken(error: unknown): never {
  throw isTaken(error) ? new AppError('name_taken', { field: 'name' }) : error
}
