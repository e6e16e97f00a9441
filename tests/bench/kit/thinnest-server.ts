/** The thinnest honest server: one process, label by the same model, durable idempotent write, nothing else. A bound, not a product. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { Batcher } from '@/lib/platform/batch'
import { Bundles } from '@/models/serve/bundles'
import { classify } from '@/models/serve/classify'

const bundles = await Bundles.open({
  base: join(resolve('.'), 'models/base/bundle'),
  folder: join(resolve('.'), '.build/none'),
})
const pool = new pg.Pool({ connectionString: process.env.THINNEST_URL, max: 2 })
await pool.query(
  'CREATE TABLE IF NOT EXISTS thin_message (client_id uuid PRIMARY KEY, seq bigserial, body text, label jsonb, at timestamptz DEFAULT now())',
)

const store = new Batcher<{ clientId: string; text: string; label: unknown }, string>({
  run: async (items) => {
    const { rows } = await pool.query({
      name: 'thin',
      text: `INSERT INTO thin_message (client_id, body, label) SELECT * FROM unnest($1::uuid[], $2::text[], $3::jsonb[])
        ON CONFLICT (client_id) DO UPDATE SET client_id = excluded.client_id RETURNING client_id, seq`,
      values: [items.map((i) => i.clientId), items.map((i) => i.text), items.map((i) => JSON.stringify(i.label))],
    })
    const seq = new Map(rows.map((row) => [row.client_id, row.seq]))
    return items.map((item) => String(seq.get(item.clientId)))
  },
  most: 128,
  flushers: 2,
  beside: 32,
  linger: 0,
  queue: 5_000,
  full: () => new Error('full'),
})
const label = new Batcher<string, unknown>({
  run: (texts) => classify([bundles.base], texts),
  most: 64,
  flushers: 1,
  beside: 0,
  linger: 0,
  queue: 5_000,
  full: () => new Error('full'),
})
const signature = createHmac('sha256', 'secret').update('visitor').digest()

http
  .createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part) => parts.push(part))
    request.on('end', async () => {
      const signed = createHmac('sha256', 'secret')
        .update((request.headers.authorization ?? '').slice(7))
        .digest()
      const { clientId, text } = JSON.parse(Buffer.concat(parts).toString())
      if (!timingSafeEqual(signed, signature)) return response.writeHead(401).end()
      const sequence = await store.add({ clientId, text, label: await label.add(text) })
      const body = JSON.stringify({ sequence })
      response.writeHead(201, { 'content-type': 'application/json', 'content-length': body.length })
      response.end(body)
    })
  })
  .listen(0, '127.0.0.1', function (this: http.Server) {
    process.stdout.write(`${JSON.stringify({ port: (this.address() as AddressInfo).port })}\n`)
  })
process.on('SIGTERM', () => process.exit(0))
