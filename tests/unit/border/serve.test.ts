/** Headers of every machine answer, and the language of its words. */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineRoute } from '@/lib/border/route'
import { serveRoutes } from '@/lib/border/serve'
import { makeVisitorToken } from '@/lib/border/visitor'
import { AppError } from '@/lib/core/errors'
import { newId } from '@/lib/core/ids'
import type { Services } from '@/lib/platform/context'

const fine = defineRoute({ method: 'GET', path: '/api/fine', who: 'public', input: z.object({}), handle: () => ({}) })
const wrong = defineRoute({
  method: 'GET',
  path: '/api/wrong',
  who: 'public',
  input: z.object({}),
  handle: () => {
    throw new AppError('conflict')
  },
})

test('an answer is never taken for another type, and a refusal says in which language it is', async () => {
  const answer = serveRoutes({ env: {} } as Services, [fine, wrong])
  const server = http.createServer((request, response) => {
    void answer(request, response, request.url ?? '', new URLSearchParams())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const ask = (path: string) =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { headers: { 'accept-language': 'zh' } })
  try {
    expect((await ask('/api/fine')).headers.get('x-content-type-options')).toBe('nosniff')
    const refused = await ask('/api/wrong')
    expect(refused.status).toBe(409)
    expect(refused.headers.get('content-language')).toBe('zh-CN')
    expect(refused.headers.get('x-content-type-options')).toBe('nosniff')
    expect((await ask('/api/fine')).headers.get('content-language')).toBeNull()
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test("what another site's page sends with a visitor's token is refused before anything is read of it", async () => {
  const secret = 'a secret of this test'
  const who = { accountId: newId(), inboxId: newId(), contactId: newId(), sessionId: newId() }
  const said = defineRoute({
    method: 'POST',
    path: '/api/said',
    who: 'visitor',
    input: z.object({}),
    handle: () => ({}),
  })
  const open = defineRoute({
    method: 'POST',
    path: '/api/open',
    who: 'public',
    input: z.object({}),
    handle: () => ({}),
  })
  const env = { LINGXI_TOKEN_SECRET: secret, LINGXI_HOST: '127.0.0.1', LINGXI_PUBLIC_URL: 'https://chat.example' }
  const answer = serveRoutes({ env } as Services, [said, open])
  const server = http.createServer((request, response) => {
    void answer(request, response, request.url ?? '', new URLSearchParams())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const authorization = `Bearer ${makeVisitorToken(secret, who, new Date())}`
  const send = async (headers: Record<string, string>) =>
    (await fetch(`${url}/api/said`, { method: 'POST', body: '{}', headers: { authorization, ...headers } })).status
  try {
    expect(await send({ origin: 'https://evil.example' })).toBe(403)
    expect(await send({ origin: 'null' })).toBe(403)
    expect(await send({ origin: url })).toBe(200)
    expect(await send({ origin: 'https://chat.example' })).toBe(200)
    expect(await send({})).toBe(200)
    // The desk's pages, too.
    const page = (origin: string) => fetch(`${url}/api/open`, { method: 'POST', body: '{}', headers: { origin } })
    expect((await page('https://chat.example')).status).toBe(200)
    expect((await page('https://evil.example')).status).toBe(403)
    expect((await page('null')).status).toBe(403)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('a stream that fails before its first words is refused as anything else; one that speaks is a stream', async () => {
  const input = z.object({})
  const away = defineRoute({
    ...{ method: 'GET', path: '/api/away', who: 'public', input },
    stream: async () => {
      throw new AppError('database_away')
    },
  })
  const speaks = defineRoute({
    ...{ method: 'GET', path: '/api/speaks', who: 'public', input },
    stream: async (_ctx, _input, _call, stream) => {
      stream.send('ready', {})
      stream.close()
    },
  })
  const answer = serveRoutes({ env: {} } as Services, [away, speaks])
  const server = http.createServer((request, response) => {
    void answer(request, response, request.url ?? '', new URLSearchParams())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    const refused = await fetch(`${url}/api/away`)
    expect([refused.status, refused.headers.get('retry-after'), (await refused.json()).code]).toEqual([
      503,
      '1',
      'database_away',
    ])
    const stream = await fetch(`${url}/api/speaks`)
    expect([stream.status, stream.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
    expect(await stream.text()).toBe('retry: 1000\n\nevent: ready\ndata: {}\n\n')
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('HEAD answers as GET without its body, never as a stream; packed bodies are refused by their name', async () => {
  const input = z.object({})
  const stream = defineRoute({ method: 'GET', path: '/api/stream', who: 'public', input, stream: async () => {} })
  const taken = defineRoute({ method: 'POST', path: '/api/taken', who: 'public', input, handle: () => ({}) })
  const answer = serveRoutes({ env: {} } as Services, [fine, stream, taken])
  const server = http.createServer((request, response) => {
    void answer(request, response, request.url ?? '', new URLSearchParams())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    const head = await fetch(`${url}/api/fine`, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '2', ''])
    const refused = await fetch(`${url}/api/stream`, { method: 'HEAD' })
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET'])
    expect((await fetch(`${url}/api/taken`, { method: 'HEAD' })).headers.get('allow')).toBe('POST')
    const packed = { method: 'POST', body: '{}', headers: { 'content-encoding': 'gzip' } }
    const answered = await fetch(`${url}/api/taken`, packed)
    expect([answered.status, (await answered.json()).code]).toEqual([415, 'encoding_unsupported'])
    expect((await fetch(`${url}/api/taken`, { ...packed, headers: { 'content-encoding': 'identity' } })).status).toBe(
      200,
    )
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
