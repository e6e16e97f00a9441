/** A file that is damaged, changed or made up is refused with its line and a code, and nothing of it is left anywhere. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ErrorCode } from '@/lib/core/errors'
import { newId } from '@/lib/core/ids'
import { makeSiteKey } from '@/lib/core/site-key'
import { fileVersion } from '@/lib/features/accounts/portable-lines'
import { sniff } from '@/lib/features/attachments/sniff'
import { readAttachment } from '@/lib/flows/read-attachment'
import { say } from '@/lib/words/say'
import { trimmed } from '../../kit/phone-pictures'
import { png, pngText } from '../../kit/sample-files'
import { createLearningKit } from '../learning/kit'
import type { Kit } from '../settings/kit'
import { actingAs, bring, censusOf, emptyKit, enrich, fileOf, fileWith, type Line, linesIn } from './rich-account'

let kit: Kit
let file: string
let lines: Line[]
let before: Record<string, number>
beforeAll(async () => {
  const source = await createLearningKit()
  await enrich(source)
  file = await fileOf(source.shop.as.owner)
  lines = linesIn(file)
  await source.close()
  kit = await emptyKit()
  before = await censusOf(kit)
}, 120_000)
afterAll(() => kit?.close())

/** The code and the line of a refusal, and that nothing is left. */
async function refused(text: string | Buffer): Promise<[string, number | undefined]> {
  const error = await bring(kit, text).then(
    () => ({ code: 'taken' as string, facts: {} as Record<string, unknown> }),
    (reason: { code: string; facts: Record<string, unknown> }) => reason,
  )
  expect(await censusOf(kit)).toEqual(before)
  if (error.code !== 'taken')
    for (const locale of ['en', 'zh-CN'] as const)
      expect(say(locale, 'errors', `${error.code}.title`, error.facts as Record<string, string>)).toBeTruthy()
  return [error.code, error.facts.line as number | undefined]
}

/** The first (or another) row of a table changed; the file counted and with its digest anew, as whoever does it on purpose would. */
function changed(what: string, change: (row: Line['row']) => object | null, nth = 0): [string, number] {
  const at = lines.flatMap((line, i) => (line.what === what ? [i] : []))[nth] as number
  const row = change({ ...(lines[at] as Line).row }) as Line['row'] | null
  return [fileWith(row ? lines.with(at, { what, row }) : lines.toSpliced(at, 1)), at + 1]
}

describe('the file as a whole', () => {
  test('cut short anywhere', async () => {
    const bytes = Buffer.from(file)
    for (const part of [0, 0.001, 0.2, 0.5, 0.9, 0.999]) {
      const [code] = await refused(bytes.subarray(0, Math.floor(bytes.length * part)))
      expect([part, code]).toEqual([part, 'import_cut_short'])
    }
    const whole = file.trimEnd().split('\n')
    expect(await refused(`${whole.slice(0, 20).join('\n')}\n`)).toEqual(['import_cut_short', 21])
    expect(await refused(file.slice(0, -1))).toEqual(['import_cut_short', whole.length])
  })

  test('changed without its digest', async () => {
    expect(await refused(file.replace('坏了', '好了'))).toEqual(['import_digest', lines.length])
    const zeroed = file.replace(/"sha256":"[0-9a-f]{64}"\}\}\n$/, `"sha256":"${'0'.repeat(64)}"}}\n`)
    expect(await refused(zeroed)).toEqual(['import_digest', lines.length])
  })

  test('of another kind or version', async () => {
    for (const first of [
      { what: 'export', row: { ...lines[0]?.row, version: fileVersion - 1 } },
      { what: 'export', row: { ...lines[0]?.row, version: fileVersion + 1 } },
      { what: 'export', row: { ...lines[0]?.row, account: {} } },
      lines[1] as Line,
    ])
      expect((await refused(fileWith(lines.with(0, first))))[0]).toBe('import_format')
    expect(await refused('text,label\nhello,greeting\n')).toEqual(['import_line', 1])
  })

  test('with other counts than it has', async () => {
    const end = lines.at(-1)?.row as { counts: Record<string, number>; sha256: string }
    const wrong = { counts: { ...end.counts, message: 1 }, sha256: end.sha256 }
    const text = [...file.trimEnd().split('\n').slice(0, -1), JSON.stringify({ what: 'end', row: wrong }), ''].join(
      '\n',
    )
    expect(await refused(text)).toEqual(['import_counts', lines.length])
  })

  test('with something behind its end', async () => {
    expect(await refused(`${file}{"what":"team","row":{}}\n`)).toEqual(['import_line', lines.length + 1])
  })

  test('with a line of a megabyte, or of none of our letters', async () => {
    const [long, at] = changed('team', (row) => ({ ...row, name: 'x'.repeat(1_000_000) }))
    expect(await refused(long)).toEqual(['import_line_long', at])
    const bytes = Buffer.from(file)
    bytes[bytes.indexOf('VIP')] = 0xff
    expect((await refused(bytes))[0]).toBe('import_line')
    const huge = Buffer.concat([
      Buffer.from(`${file.split('\n')[0]}\n{"what":"attachment","row":{"content":"`),
      Buffer.alloc(20_000_000, 65),
    ])
    expect(await refused(huge)).toEqual(['import_line_long', 2])
  })

  test('where nobody has signed up', async () => {
    const { rows } = await kit.owner.query('DELETE FROM "user" RETURNING *')
    before = await censusOf(kit)
    expect(await refused(file)).toEqual(['import_nobody', undefined])
    const { id, email, name } = rows[0]
    await kit.owner.query('INSERT INTO "user" (id, email, name, operator) VALUES ($1, $2, $3, true)', [id, email, name])
    before = await censusOf(kit)
  })
})

const other = newId()
const page = Buffer.from('<html><script>alert(1)</script></html>')
const withBytes = (bytes: Buffer) => ({
  content: bytes.toString('base64'),
  size: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
})

const cases: [name: string, what: string, change: (row: Line['row']) => object | null, code: ErrorCode][] = [
  ['a row that says whose it is', 'label', (row) => ({ ...row, account_id: other }), 'import_row'],
  ['a field less', 'label', ({ colour: _, ...row }) => row, 'import_row'],
  [
    'a field of the prototype',
    'team',
    (row) => JSON.parse(`{"__proto__":{"a":1},${JSON.stringify(row).slice(1)}`),
    'import_row',
  ],
  [
    'a message of a conversation of others',
    'message',
    (row) => ({ ...row, conversation_id: other }),
    'import_reference',
  ],
  ['a message of another contact', 'message', (row) => ({ ...row, contact_id: other }), 'import_reference'],
  ['a message of nobody among the members', 'message', (row) => ({ ...row, author_id: other }), 'import_reference'],
  ['a member who is nobody', 'membership', (row) => ({ ...row, user_id: other }), 'import_reference'],
  ['a label of others', 'conversation_label', (row) => ({ ...row, label_id: other }), 'import_reference'],
  ['a session of a contact of others', 'contact_session', (row) => ({ ...row, contact_id: other }), 'import_reference'],
  ['the inbox of another account', 'inbox', (row) => ({ ...row, site_key: makeSiteKey(other) }), 'import_reference'],
  ['a prediction of no message', 'prediction', (row) => ({ ...row, message_id: other }), 'import_reference'],
  ['a version of no training', 'model_version', (row) => ({ ...row, run_id: other }), 'import_reference'],
  ['a former id that is none', 'contact', (row) => ({ ...row, former_ids: [null] }), 'import_row'],
  ['an id that is none', 'team', (row) => ({ ...row, id: "'; DROP TABLE team; --" }), 'import_row'],
  ['a status unheard of', 'conversation', (row) => ({ ...row, status: 'hacked' }), 'import_row'],
  ['a number that is none', 'conversation', (row) => ({ ...row, last_sequence: '1; SELECT 1' }), 'import_row'],
  ['a number used beyond the last one', 'conversation', (row) => ({ ...row, display_id: 1_000_000 }), 'import_row'],
  ['a time that is a word', 'conversation', (row) => ({ ...row, last_activity_at: 'infinity' }), 'import_row'],
  ['a text with NUL', 'message', (row) => ({ ...row, text: 'a\0b' }), 'import_row'],
  ['half a sign', 'message', (row) => ({ ...row, text: '\ud83d' }), 'import_row'],
  ['a text that is too long', 'message', (row) => ({ ...row, text: 'x'.repeat(8_001) }), 'import_row'],
  ['a style in a colour', 'inbox', (row) => ({ ...row, accent: 'red;background:url(//x)' }), 'import_row'],
  [
    'an origin that is a script',
    'inbox',
    (row) => ({ ...row, allowed_origins: ['javascript:alert(1)'] }),
    'import_row',
  ],
  [
    'words of the widget in another shape',
    'inbox',
    (row) => ({ ...row, texts: { en: { html: '<b>' } } }),
    'import_row',
  ],
  ['preferences in another shape', 'membership', (row) => ({ ...row, preferences: { theme: 'evil' } }), 'import_row'],
  ['an address in another spelling', 'person', (row) => ({ ...row, email: 'Owner@Shop.example' }), 'import_row'],
  ['a line break in an address', 'person', (row) => ({ ...row, email: 'a@b.example\nBcc: c@d.example' }), 'import_row'],
  ['a person who runs the installation', 'person', (row) => ({ ...row, operator: true }), 'import_row'],
  ['a page for a picture', 'attachment', (row) => ({ ...row, ...withBytes(page) }), 'import_file'],
  ['a picture for a text', 'attachment', (row) => ({ ...row, kind: 'text', name: 'a.txt' }), 'import_file'],
  ['other bytes than were hashed', 'attachment', (row) => ({ ...row, sha256: '0'.repeat(64) }), 'import_file'],
  ['a name that leads elsewhere', 'attachment', (row) => ({ ...row, name: '../../etc/passwd' }), 'import_file'],
]

describe('a row', () => {
  test.each(cases)('%s', async (_name, what, change, code) => {
    const [text, at] = changed(what, change)
    // The last number stands in the first line.
    const line = change === cases.find(([name]) => name === 'a number used beyond the last one')?.[2] ? 1 : at
    expect(await refused(text)).toEqual([code, line])
  })

  test('with nesting without end', async () => {
    const at = lines.findIndex(({ what }) => what === 'message')
    const deep = `${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)}`
    const raw = JSON.stringify({ what: 'message', row: { ...lines[at]?.row, activity: 'x' } }).replace('"x"', deep)
    expect(await refused(fileWith(lines.with(at, { what: 'message', row: {}, raw })))).toEqual(['import_row', at + 1])
  })

  test('twice, in the wrong place, of a table that is none, or gone while others name it', async () => {
    const team = lines.findIndex(({ what }) => what === 'team')
    expect(await refused(fileWith(lines.toSpliced(team, 0, lines[team] as Line)))).toEqual(['import_row', team + 2])
    expect(await refused(fileWith([...lines.slice(0, -1), lines[team] as Line]))).toEqual(['import_row', lines.length])
    expect(await refused(fileWith(lines.with(team, { what: 'user', row: {} })))).toEqual(['import_row', team + 1])
    const person = lines.findIndex(({ what }) => what === 'person')
    const twin = { what: 'person', row: { ...lines[person]?.row, id: newId() } }
    expect(await refused(fileWith(lines.toSpliced(person, 0, twin)))).toEqual(['import_row', person + 2])
    const [without] = changed('contact', () => null)
    expect((await refused(without))[0]).toBe('import_reference')
    const [successor] = changed('conversation', (row) => ({ ...row, superseded_by: newId() }))
    expect((await refused(successor))[0]).toBe('import_reference')
  })

  test('that is far behind others of its table is named as well', async () => {
    const team = lines.findIndex(({ what }) => what === 'team')
    const { row } = lines[team] as Line
    const more = Array.from({ length: 1_700 }, (_, n) => ({
      what: 'team',
      row: { ...row, id: newId(), name: `team ${n}` },
    }))
    const text = fileWith(
      lines.toSpliced(
        team + 1,
        0,
        ...more.with(1_234, { what: 'team', row: { ...row, id: newId(), name: String(row.name) } }),
      ),
    )
    expect(await refused(text)).toEqual(['import_row', team + 1 + 1_235])
  })

  test('the same file is taken, and keeps files that an upload would refuse or cut by now', async () => {
    const old = [
      { kind: 'png', name: 'old.png', bytes: png(3, 2, [pngText(String(page))]) },
      { kind: 'jpeg', name: 'film.jpg', bytes: Buffer.concat(trimmed['film behind (motion photo)'] as Buffer[]) },
    ]
    for (const { bytes } of old) expect(() => expect(sniff(bytes).bytes).toEqual(bytes)).toThrow()
    const places = lines.flatMap(({ what }, at) => (what === 'attachment' ? [at] : [])).slice(0, old.length)
    const more = old.map(({ bytes, ...rest }, at) => {
      const row: Line['row'] = { ...lines[places[at] as number]?.row, ...rest, ...withBytes(bytes) }
      return { what: 'attachment', row }
    })
    const { accountId } = await bring(kit, fileWith(lines.map((line, at) => more[places.indexOf(at)] ?? line)))
    expect((await censusOf(kit)).message).toBe(lines.filter(({ what }) => what === 'message').length)
    const owner = await actingAs(kit, accountId)
    const opened = await Promise.all(more.map(({ row }) => readAttachment(owner, String(row.id))))
    expect(opened.map(({ kind, name, bytes }) => ({ kind, name, bytes }))).toEqual(old)
  })
})
