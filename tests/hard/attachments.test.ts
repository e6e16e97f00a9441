/** Files that are two things at once, that would grow, or that lie about themselves: refused, or handed out so that no browser runs them. */
import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { attachmentRoutes } from '@/lib/border/routes/attachments'
import { serveRoutes } from '@/lib/border/serve'
import { contentTypes, largestFile } from '@/lib/core/attachment'
import { inAccount } from '@/lib/platform/db/in-account'
import { amount, held } from '../kit/guarantee'
import { type Furnished, furnish } from '../kit/hostile/furnished'
import { type Answered, inject } from '../kit/hostile/inject'
import { gif, jpeg, pdf, png, pngText, webp, zip } from '../kit/sample-files'

let house: Furnished
let handler: ReturnType<typeof serveRoutes>
beforeAll(async () => {
  house = await furnish()
  handler = serveRoutes(
    house.services,
    attachmentRoutes.map((route) => ({ ...route, limits: { ...route.limits, rate: [1e9, 60] as const } })),
  )
})
afterAll(() => house.close())

const path = '/api/widget/attachments'
const headers = () => ({ host: 'desk.test', authorization: `Bearer ${house.token}` })

/** Each as the only one: what waits to be sent is bounded. @param type what the sender claims */
async function put(body: Buffer, name: string, type = 'text/html'): Promise<Answered> {
  await inAccount(house.owner, (tx) => tx.attachment.deleteMany({}))
  const more = { 'content-type': type, 'x-file-name': encodeURIComponent(name.toWellFormed()) }
  return inject(handler, { method: 'POST', url: path, headers: { ...headers(), ...more }, body })
}

const page = '<!doctype html><html><body><script>alert(1)</script>'
const bad = {
  page: Buffer.from(page),
  drawing: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
  archive: zip(),
  script: Buffer.from('#!/bin/sh\nrm -rf ~\n'),
  program: Buffer.from('MZ\x90\0\x03\0\0\0\x04\0', 'latin1'),
  document: pdf('<script>alert(1)</script>'),
  packed: gzipSync(page),
  markup: Buffer.from('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "a"><!ENTITY b "&a;&a;">]><x>&b;</x>'),
}
const good = {
  png: png(),
  jpeg: jpeg(),
  gif: gif(),
  webp: webp(),
  pdf: pdf(),
  text: Buffer.from('Order 42 came broken.\n'),
}

/** Every pair, one in front of, behind and inside the other, under every name and claimed type. */
function* doubles(): Generator<[string, Buffer]> {
  for (const [one, outer] of Object.entries(good))
    for (const [other, inner] of Object.entries(bad)) {
      yield [`${other} behind ${one}`, Buffer.concat([outer, inner])]
      yield [`${other} before ${one}`, Buffer.concat([inner, outer])]
      yield [`${other} in ${one}`, Buffer.concat([outer.subarray(0, 12), inner, outer.subarray(12)])]
      if (one === 'png') yield [`${other} in a comment`, png(8, 6, [pngText(inner.toString('latin1'))])]
      if (one === 'pdf') yield [`${other} in an object`, pdf(inner.toString('latin1'))]
    }
  for (const [name, bytes] of Object.entries(bad)) yield [name, bytes]
}

const names = [
  'x.html',
  'x.svg',
  '../../x.php',
  'x.png\0.html',
  'x\u202egnp.exe',
  'x.html;.png',
  '"; filename="x.html',
  'x\r\nset-cookie: a=b',
  '',
  'CON',
]
const types = [
  'text/html',
  'image/svg+xml',
  'application/javascript',
  'image/png',
  'multipart/form-data; boundary=x',
  '*/*',
]
/** Kinds that are shown in their place; all others are only saved. */
const shown = /^image\/(png|jpeg|gif|webp)$/

/** What is wrong with how a file is handed out. */
function faults({ status, headers: said, body }: Answered): string[] {
  const type = said['content-type'] ?? ''
  const disposition = said['content-disposition'] ?? ''
  return [
    ...(status === 200 ? [] : [`status ${status}`]),
    ...((Object.values(contentTypes) as string[]).includes(type) ? [] : [`type ${type}`]),
    ...(shown.test(type) === disposition.startsWith('inline;') ? [] : [disposition]),
    ...(/\.(html?|svg|php|exe|js)"/i.test(disposition) ? [disposition] : []),
    ...(said['x-content-type-options'] === 'nosniff' ? [] : ['may be sniffed']),
    ...(said['content-security-policy'] === "sandbox; default-src 'none'" ? [] : ['no sandbox']),
    ...(said['cross-origin-resource-policy'] === 'same-origin' ? [] : ['for other sites']),
    ...(body.length ? [] : ['empty']),
  ]
}

test('two things at once', async () => {
  let [refused, taken, at] = [0, 0, 0]
  for (const [what, bytes] of doubles()) {
    if (at++ % amount(1, 5)) continue
    const answer = await put(bytes, names[at % names.length] as string, types[at % types.length] as string)
    expect(answer.status, what).toBeLessThan(500)
    if (answer.status !== 201) {
      expect([415, 422], what).toContain(answer.status)
      refused++
      continue
    }
    taken++
    // Archives, and pages at the beginning, are refused whatever they stand beside.
    expect(what).not.toMatch(
      /archive (behind|in)|^(page|drawing|markup|program|packed) before|^(page|drawing|archive|program|packed|markup)$/,
    )
    const { id } = JSON.parse(answer.body) as { id: string }
    expect(faults(await inject(handler, { method: 'GET', url: `${path}/${id}`, headers: headers() })), what).toEqual([])
  }
  // Control: the look at an answer notices a file that a browser would run.
  const open = {
    status: 200,
    body: page,
    headers: { 'content-type': 'text/html', 'content-disposition': 'inline; filename="x.html"' },
  }
  expect(faults(open).length).toBeGreaterThan(4)
  held(
    '4 files that are two things',
    `${refused + taken} files: ${refused} refused, ${taken} taken as what they are and handed out sandboxed`,
  )
})

test('what would grow', async () => {
  const zeros = Buffer.alloc(20_000_000)
  const bombs: [string, Buffer][] = [
    ['60,000 × 60,000 pixels', png(60_000, 60_000)],
    ['as jpeg', jpeg(60_000, 60_000)],
    ['as gif', gif(60_000, 60_000)],
    ['as webp', webp(16_000, 16_000)],
    ['20 MB in a zip', Buffer.from(zipSync({ x: zeros }, { level: 1 }))],
    ['20 MB in gzip', gzipSync(zeros)],
    ['entities of entities', bad.markup],
    ['one byte more than may be', Buffer.alloc(largestFile + 1, 'a')],
    ['all of it, control signs', Buffer.alloc(largestFile, 1)],
    ['all of it, half a picture', Buffer.concat([png().subarray(0, 40), Buffer.alloc(largestFile - 40, 0xff)])],
  ]
  global.gc?.()
  const before = process.memoryUsage().rss
  for (const [what, bytes] of bombs) expect((await put(bytes, 'x.png')).status, what).toBeGreaterThanOrEqual(413)
  const grown = Math.max(0, process.memoryUsage().rss - before) / 1e6
  expect(grown).toBeLessThan(150)
  held('4 files that would grow', `${bombs.length} bombs refused, ${grown.toFixed(0)} MB more memory`)
})
