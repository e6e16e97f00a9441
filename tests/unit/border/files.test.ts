/** Built files as they leave: packed once, kept for ever by browsers, and nothing outside their folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveFiles } from '@/lib/border/files'
import type { Services } from '@/lib/platform/context'

const home = mkdtempSync(join(tmpdir(), 'lingxi-files-'))
const script = 'export const list = [1, 2, 3];\n'.repeat(400)
let server: http.Server

/** Raw, since a client of the platform would tidy the path and unpack the answer. */
const get = (path: string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number; headers: http.IncomingHttpHeaders; body: Buffer }>((done, fail) => {
    const { port } = server.address() as AddressInfo
    const request = http.get({ port, host: '127.0.0.1', path, headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part) => parts.push(part))
      response.on('end', () =>
        done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      )
    })
    request.on('error', fail)
  })

beforeAll(async () => {
  mkdirSync(join(home, 'public'))
  mkdirSync(join(home, 'static/chunks'), { recursive: true })
  writeFileSync(join(home, 'secret.json'), '{}')
  writeFileSync(join(home, 'static/chunks/a.js'), script)
  writeFileSync(join(home, 'static/chunks/a.txt'), 'no type of ours')
  const files = serveFiles({} as Services, join(home, 'public'), join(home, 'static'))
  server = http.createServer(async (request, response) => {
    const served = await files(request, response, request.url ?? '', new URLSearchParams())
    if (!served) response.writeHead(404, { 'x-by': 'pages' }).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
})
afterAll(() => {
  server.close()
  rmSync(home, { recursive: true })
})

test('a script of the pages goes out packed, to be compiled ahead, with a length, and without the policy of a page', async () => {
  const { status, headers, body } = await get('/_next/static/chunks/a.js', { 'accept-encoding': 'gzip, br' })
  expect(status).toBe(200)
  expect(headers).toMatchObject({
    'content-encoding': 'gzip',
    'content-length': String(body.length),
    'cache-control': 'public, max-age=31536000, immutable',
    'content-type': 'text/javascript; charset=utf-8',
    'x-content-type-options': 'nosniff',
  })
  expect(headers).not.toHaveProperty('content-security-policy')
  const sent = `//# allFunctionsCalledOnLoad\n${script}`
  expect(gunzipSync(body).toString()).toBe(sent)
  expect((await get('/_next/static/chunks/a.js')).body.toString()).toBe(sent)
  expect((await get('/_next/static/chunks/a.js', { 'if-none-match': headers.etag ?? '' })).status).toBe(304)
})

test.each([
  '/_next/static/chunks/b.js',
  '/_next/static/chunks/a.txt',
  '/_next/static/../secret.json',
  '/_next/static/',
])('%s is left to the pages', async (path) => expect((await get(path)).headers['x-by']).toBe('pages'))
