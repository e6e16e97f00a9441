/** Request bodies: read up to a limit and within a time; files only a few at once, since each is held in memory. */
import type { IncomingMessage } from 'node:http'
import { AppError, type ErrorCode } from '../core/errors'

/** A small body that takes longer belongs to somebody who only wants to hold the connection, milliseconds. */
const patience = 30_000
/** 10 MB over a slow mobile network (0.7 Mbit/s), milliseconds. The server's own limit lies above it. */
const filePatience = 120_000
/** Files being received at once in this process. */
const mostFiles = 16

/** Reads a body up to `limit` bytes; beyond it the rest is not read. @throws `tooLarge` */
export function readBody(
  request: IncomingMessage,
  limit: number,
  tooLarge: ErrorCode = 'body_too_large',
  time = patience,
): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    request.resume()
    return Promise.reject(new AppError(tooLarge, { limit }))
  }
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let size = 0
    const timer = setTimeout(() => request.destroy(), time)
    const end = () => clearTimeout(timer)
    request.on('data', (part: Buffer) => {
      size += part.length
      if (size > limit) {
        end()
        request.removeAllListeners('data')
        request.resume()
        reject(new AppError(tooLarge, { limit }))
      } else parts.push(part)
    })
    request.on('end', () => {
      end()
      resolve(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts))
    })
    request.on('error', (error) => {
      end()
      reject(error)
    })
    request.on('aborted', () => {
      end()
      reject(new AppError('body_not_json'))
    })
  })
}

export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return {}
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new AppError('body_not_json')
  }
}

let files = 0

/** Reads a file that is sent as a body. @throws attachment_too_large, rate_limited (many come in just now) */
export async function readFile(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (files >= mostFiles) {
    request.resume()
    throw new AppError('rate_limited', { retryAfter: 2 })
  }
  files++
  try {
    return await readBody(request, limit, 'attachment_too_large', filePatience)
  } finally {
    files--
  }
}
