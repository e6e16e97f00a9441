/** Request bodies: read up to a limit, and files only a few at once, since each is held in memory. */
import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { readBody, readFile } from '@/lib/border/body'

const request = (headers: Record<string, string> = {}) =>
  Object.assign(new PassThrough(), { headers }) as unknown as IncomingMessage & PassThrough
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'read',
    (error: { code: string }) => error.code,
  )

test('a body of the limit is read, one byte more is refused, said or not', async () => {
  const [fits, says, sends] = [request(), request({ 'content-length': '11' }), request()]
  const reads = [fits, says, sends].map((each) => codeOf(readBody(each, 10)))
  fits.end('x'.repeat(10))
  sends.end('x'.repeat(11))
  expect(await Promise.all(reads)).toEqual(['read', 'body_too_large', 'body_too_large'])
})

test('sixteen files come in at once; the next is asked to wait, and let in when one is done', async () => {
  const many = Array.from({ length: 16 }, () => request())
  const reads = many.map((each) => readFile(each, 100))
  expect(await codeOf(readFile(request(), 100))).toBe('rate_limited')
  many[0]?.end('a file')
  expect((await reads[0])?.toString()).toBe('a file')
  const next = request()
  const read = readFile(next, 100)
  next.end('late')
  expect((await read).toString()).toBe('late')
  for (const each of many) each.end()
  await Promise.all(reads)
  // One that breaks off gives its place back, too.
  const broken = request()
  const failed = codeOf(readFile(broken, 100))
  broken.emit('aborted')
  expect(await failed).toBe('body_not_json')
})
