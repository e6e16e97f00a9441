/** The log: JSON lines without message texts, addresses or secrets. */
import pino from 'pino'

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

export const createLog = (process: string, level: string): Log =>
  pino({
    level,
    base: { process },
    redact: { paths: secret.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[hidden]' },
  })
