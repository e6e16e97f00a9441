/** The log: JSON lines without message texts, addresses or secrets. */
import pino from 'pino'
import { scrub, scrubError } from './scrub'

export type Log = pino.Logger

/** Fields that never reach a log line, wherever they hang. */
const secret = [
  'text',
  'body',
  'email',
  'name',
  'password',
  'token',
  'authorization',
  'cookie',
  'secret',
  'key',
  'to',
  'html',
]

/** @param to where the lines go; standard output without it */
export const createLog = (process: string, level: string, to?: pino.DestinationStream): Log =>
  pino(
    {
      level,
      base: { process },
      // Errors repeat what they were given.
      serializers: { err: (error) => scrubError(error), reason: (reason) => scrub(String(reason)) },
      redact: { paths: secret.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[hidden]' },
    },
    to ?? pino.destination(1),
  )
