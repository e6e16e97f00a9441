/** Files that are two things at once, that would grow, or that lie about themselves: refused, or handed out so that no browser runs them. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { attachmentRoutes } from '@/lib/border/routes/attachments'
import { serveRoutes } from '@/lib/border/serve'
import { contentTypes, largestFile } from '@/lib/core/attachment'
import { inAccount } from '@/lib/platform/db/in-account'
import { amount, held, whole } from '../kit/guarantee'
import { type Furnished, furnish } from '../kit/hostile/furnished'
import { type Answered, inject } from '../kit/hostile/inject'
import { bad, doubles, good, repeatedly } from '../kit/hostile/polyglots'
import * as phones from '../kit/phone-pictures'
import { openRealHouse } from '../kit/real-programs'
import { gif, jpeg, png, webp } from '../kit/sample-files'
import { weaken } from '../kit/weakened'
import { newVisitors } from '../kit/writers'

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
const claims = (name: string, type: string) => ({
  'content-type': type,
  'x-file-name': encodeURIComponent(name.toWellFormed()),
})

/** Each as the only one: what waits to be sent is bounded. @param type what the sender claims */
async function put(body: Buffer, name: string, type = 'text/html'): Promise<Answered> {
  await inAccount(house.owner, (tx) => tx.attachment.deleteMany({}))
  return inject(handler, { method: 'POST', url: path, headers: { ...headers(), ...claims(name, type) }, body })
}
const idOf = ({ body }: Answered): string => (JSON.parse(body) as { id: string }).id
const get = (id: string) => inject(handler, { method: 'GET', url: `${path}/${id}`, headers: headers() })

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

test('two things at once, of every size', async () => {
  const tally = { refused: 0, taken: 0 }
  let at = 0
  for (const { what, bytes, outer, end } of doubles([1_000, 4_000, 200_000])) {
    if (at++ % amount(1, 23)) continue
    const answer = await put(bytes, names[at % names.length] as string, types[at % types.length] as string)
    expect([what, answer.status]).toEqual([what, end])
    if (end !== 201) {
      tally.refused++
      continue
    }
    tally.taken++
    const handed = await get(idOf(answer))
    expect([what, handed.headers['content-type']?.split(';')[0]]).toEqual([what, contentTypes[outer].split(';')[0]])
    expect(faults(handed), what).toEqual([])
  }
  held(
    '4 files that are two things',
    `${tally.refused + tally.taken} files of 1, 4 and 200 kB: ${tally.refused} refused, ${tally.taken} taken as what they are and handed out sandboxed`,
  )
})

test('pictures as telephones write them are taken', async () => {
  for (const [what, bytes] of Object.entries(phones.whole)) {
    const answer = await put(bytes, 'x.jpg')
    expect([what, answer.status]).toEqual([what, 201])
    expect(Number((await get(idOf(answer))).headers['content-length'])).toBe(bytes.length)
  }
  // Films and notes behind the end mark are cut off.
  for (const [what, [picture, behind]] of Object.entries(phones.trimmed)) {
    const answer = await put(Buffer.concat([picture, behind]), 'x.jpg')
    expect([what, answer.status]).toEqual([what, 201])
    expect(Number((await get(idOf(answer))).headers['content-length'])).toBe(picture.length)
  }
  // Nor is what pixels happen to look like.
  const megabytes = amount(60, 3)
  for (let seed = 1; seed <= megabytes; seed++)
    expect([seed, (await put(jpeg(8, 6, [], phones.noise(1_000_000, seed * 7_919)), 'x.jpg')).status]).toEqual([
      seed,
      201,
    ])
  const count = Object.keys({ ...phones.whole, ...phones.trimmed }).length
  held('4 pictures of telephones', `${count} kinds and ${megabytes} MB of pixels: all taken`)
})

test('a name and a claimed type change nothing', async () => {
  let sent = 0
  for (const [kind, make] of Object.entries(good)) {
    const bytes = make(1_000)
    const seen = new Set<string>()
    for (const [at, name] of names.entries())
      for (const type of whole ? types : [types[at % types.length] as string]) {
        const answer = await put(bytes, name, type)
        expect(answer.status, `${kind} ${name}`).toBe(201)
        const handed = await get(idOf(answer))
        expect(faults(handed), `${kind} ${name}`).toEqual([])
        const { name: kept, id: _, ...told } = JSON.parse(answer.body) as { name: string; id: string }
        const { 'content-disposition': shownAs = '', ...said } = handed.headers
        seen.add(JSON.stringify([told, said, shownAs.split(';')[0], kept.split('.').at(-1), handed.body.length]))
        sent++
      }
    // All answers are one.
    expect([...seen]).toHaveLength(1)
  }
  held(
    '4 names and types',
    `${sent} uploads of ${Object.keys(good).length} kinds under ${names.length} names: one answer for each kind`,
  )
})

const canLook = existsSync('/proc/self/clear_refs')
/** Megabytes that a process took at most while something went on, more than before: the kernel's mark, which sees what is gone again; 0 where it keeps none. */
async function peakOf(pid: number | 'self', work: () => Promise<unknown>): Promise<number> {
  if (!canLook) {
    await work()
    return 0
  }
  const field = (name: string) =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_000
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  const before = field('VmRSS')
  await work()
  return field('VmHWM') - before
}
/** What a look at 10 MB may take: the bytes as words, and sealed. */
const mostGrown = 150

test('what would grow', async () => {
  const bombs: [string, Buffer, number][] = [
    ['60,000 × 60,000 pixels', png(60_000, 60_000), 422],
    ['as jpeg', jpeg(60_000, 60_000), 422],
    ['behind a jpeg', Buffer.concat([jpeg(), jpeg(60_000, 60_000)]), 422],
    ['as gif', gif(60_000, 60_000), 422],
    ['as webp', webp(16_000, 16_000), 422],
    ['1 GB in a zip', repeatedly.zip(), 415],
    ['1 GB in gzip', repeatedly.gzip(), 415],
    ['entities of entities', bad.markup, 415],
    ['one byte more than may be', Buffer.alloc(largestFile + 1, 'a'), 413],
    ['all of it, control signs', Buffer.alloc(largestFile, 1), 415],
    ['all of it, half a picture', Buffer.concat([png().subarray(0, 40), Buffer.alloc(largestFile - 40, 0xff)]), 422],
  ]
  const work = async () => {
    for (const [what, bytes, end] of bombs) expect([what, (await put(bytes, 'x.png')).status]).toEqual([what, end])
  }
  const grown = await peakOf('self', work)
  expect(grown).toBeLessThan(mostGrown)
  held(
    '4 files that would grow',
    `${bombs.length} bombs refused, ${Math.max(0, grown).toFixed(0)} MB more memory meanwhile`,
  )
})

test.runIf(whole)(
  'control: a server without these protections takes such files, hands out pages, and grows',
  async () => {
    const real = await openRealHouse({ durable: false })
    onTestFinished(() => real.close())
    const [sniff, routes] = ['lib/features/attachments/sniff.ts', 'lib/border/routes/attachments.ts']
    const nosniff = "('x-content-type-options', 'nosniff')"
    const from = await weaken(
      'files',
      { file: sniff, from: ' || parts.notes.some(isDoubtful)', to: '' },
      { file: sniff, from: 'refuseDouble(bytes, picture.kind)', to: '' },
      { file: sniff, from: 'refuseBehind(rest)\n', to: '' },
      { file: sniff, from: 'text === null || markup.test(text)', to: 'text === null' },
      { file: sniff, from: "from 'node:buffer'", to: "from 'node:buffer'\nimport { gunzipSync } from 'node:zlib'" },
      {
        file: sniff,
        from: '  const picture = pictures',
        to: '  if (bytes[0] === 0x1f) gunzipSync(bytes, { maxOutputLength: 5e8 })\n  const picture = pictures',
      },
      { file: 'lib/core/attachment.ts', from: "text: 'text/plain'", to: "text: 'text/html'" },
      { file: 'lib/features/attachments/names.ts', from: 'dot > 0 && endings[kind].includes(ending)', to: 'dot > 0' },
      { file: routes, from: `  call.set${nosniff}`, to: '' },
      { file: 'lib/border/page-headers.ts', from: `  response.setHeader${nosniff}`, to: '' },
      { file: routes, from: "pictures.has(kind) ? 'inline' : 'attachment'", to: "'inline'" },
      { file: routes, from: "  call.set('content-security-policy', \"sandbox; default-src 'none'\")", to: '' },
      { file: routes, from: "  call.set('cross-origin-resource-policy', 'same-origin')", to: '' },
    )
    const web = await real.web({}, from)
    await web.answers()
    const [token, ...more] = await newVisitors(real, await real.house.shop(), 9)
    const send = async (body: Buffer, by = token) =>
      fetch(web.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${by}`, ...claims('x.html', 'text/html') },
        body: new Uint8Array(body),
      })
    const read = async (answer: Response): Promise<Answered> => ({
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: await answer.text(),
    })
    // Of what the product refuses behind a JPEG's end mark and in its comments, all is taken.
    let taken = 0
    const refused = [...doubles([4_000])].filter(({ what }) => /(behind|in a comment of) jpeg/.test(what))
    for (const [at, { what, bytes, end }] of refused.entries()) {
      expect([what, end]).toEqual([what, 422])
      taken += Number((await send(bytes, more[at % more.length])).status === 201)
    }
    expect(taken).toBe(refused.length)
    // A page is handed out as one.
    const page = await read(await send(bad.page))
    const bare = await fetch(`${web.url}${path}/${idOf(page)}`, { headers: { authorization: `Bearer ${token}` } })
    const found = faults(await read(bare))
    expect(found).toHaveLength(6)
    if (canLook) expect(await peakOf(web.pid, () => send(repeatedly.gzip()))).toBeGreaterThan(2 * mostGrown)
    held(
      '4 files: control',
      `a server without these protections takes ${taken} of ${refused.length}, and hands out a page with ${found.length} faults`,
    )
  },
)
