/** Tells a database that is away from a database that says no. */
import { AppError } from '../../core/errors'

const away = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '53300', // too_many_connections
  '53100', // disk_full
  '08000',
  '08001',
  '08003',
  '08006',
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2028',
])
/** Texts that PostgreSQL cannot hold: NUL in a column or in JSON. */
const unstorable = new Set(['22021', '22P05'])
const clash = new Set(['40P01', '40001', 'P2034'])

/** The chain of an error and its causes (Prisma wraps the driver's error two deep). */
function* chain(error: unknown): Generator<Record<string, unknown>> {
  let current: unknown = error
  for (let depth = 0; depth < 6 && current && typeof current === 'object'; depth++) {
    const here = current as Record<string, unknown>
    yield here
    const meta = here.meta as { driverAdapterError?: unknown } | undefined
    current = here.cause ?? meta?.driverAdapterError
  }
}

const codesOf = (error: unknown): string[] =>
  [...chain(error)].flatMap((part) =>
    [part.code, part.originalCode, part.kind].filter((code): code is string => typeof code === 'string'),
  )

/** True for a deadlock or serialisation clash: the same work may simply be done again. */
export const isClash = (error: unknown): boolean =>
  codesOf(error).some((code) => clash.has(code) || code === 'TransactionWriteConflict')

/** True when the server could not be reached or is going away. */
export const isAway = (error: unknown): boolean =>
  codesOf(error).some(
    (code) =>
      away.has(code) || code === 'DatabaseNotReachable' || code === 'ConnectionClosed' || code === 'SocketTimeout',
  ) ||
  [...chain(error)].some((part) =>
    /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error|the database system is/i.test(
      String(part.message ?? ''),
    ),
  )

/** True when the server took the statement and said nothing: asking it once more would only double the wait. */
export const isSilent = (error: unknown): boolean =>
  [...chain(error)].some((part) => String(part.message ?? '') === 'Query read timeout')

/** True for a unique key that already exists; `constraint` narrows it to an index whose name contains it. */
export const isTaken = (error: unknown): boolean => codesOf(error).some((code) => code === '23505' || code === 'P2002')

/** True when a row refers to one that is gone. */
export const isOrphan = (error: unknown): boolean => codesOf(error).some((code) => code === '23503' || code === 'P2003')

/** True when the database refuses a value for what it is: a wrong type, form, word or reference, twice the same key, too deep. */
export const isRefused = (error: unknown): boolean =>
  codesOf(error).some((code) => /^(22|23|54)[0-9A-Z]{3}$/.test(code) || code === 'P2002' || code === 'P2003')

/**
 * The error to throw on: database_away, text_invalid, or conflict (somebody else made the same row, or removed one, in the same
 * moment) when that is what it means, else the error itself.
 */
export function asAppError(error: unknown): unknown {
  if (isAway(error)) return new AppError('database_away', {}, { cause: error })
  if (isTaken(error) || isOrphan(error)) return new AppError('conflict', {}, { cause: error })
  return codesOf(error).some((code) => unstorable.has(code))
    ? new AppError('text_invalid', {}, { cause: error })
    : error
}
