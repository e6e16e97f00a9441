/** Every word exists in both languages, in the same form; every failure has its words. */
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import widgetWords from '@/app/widget/frame/words.json'
import { statusOf } from '@/lib/core/errors'
import { isCode, load, projectFiles, read } from './kit/files'
import { ungivenWords } from './kit/given-words'
import { readIcu } from './kit/icu'
import { flatten, type Tree, wordViolations } from './kit/word-rules'

const folder = 'lib/words'
const namespaces = (locale: string) => readdirSync(`${folder}/${locale}`).sort()
const tree = (locale: string, file: string): Tree => JSON.parse(read(`${folder}/${locale}/${file}`)) as Tree

const known = projectFiles()
const pages = load(known.filter((path) => isCode(path) && path.startsWith('app/')))

describe('words', () => {
  test('both languages have the same namespaces', () => {
    expect(namespaces('en')).toEqual(namespaces('zh-CN'))
    expect(namespaces('en').length).toBeGreaterThan(3)
  })

  test.each(namespaces('en'))('%s is complete and equal in form', (file) => {
    expect(wordViolations(file.replace('.json', ''), tree('en', file), tree('zh-CN', file))).toEqual([])
  })

  test('every namespace is used', () => {
    const code = load(projectFiles().filter((path) => isCode(path) && path.startsWith('lib/')))
    for (const locale of ['en', 'zh-CN'])
      for (const file of namespaces(locale))
        expect(
          code.some(({ text }) => text.includes(`/${locale}/${file}'`)),
          `${locale}/${file}`,
        ).toBe(true)
  })

  test('every page gives its parts in the browser the words they ask for', () => {
    expect(ungivenWords(pages, known)).toEqual([])
  })

  test("the widget's words keep to the same rules", () => {
    const side = (n: 0 | 1): Tree => {
      const { lang: _tags, ...markup } = widgetWords.markup
      const pairs = Object.entries({ ...markup, ...widgetWords.script })
      return Object.fromEntries(pairs.map(([key, pair]) => [key, pair[n] as string]))
    }
    expect(Object.keys(side(0)).length).toBeGreaterThan(10)
    expect(wordViolations('widget', side(0), side(1))).toEqual([])
  })

  test.each(['en', 'zh-CN'])('every failure has a title and a detail in %s', (locale) => {
    const words = flatten(tree(locale, 'errors.json'))
    const missing = Object.keys(statusOf).filter((code) => !words.get(`${code}.title`) || !words.get(`${code}.detail`))
    expect(missing).toEqual([])
  })

  test('no failure is described that cannot happen', () => {
    // `offline` is what a browser says when it reaches nobody.
    const known = new Set([...Object.keys(statusOf), 'offline'])
    const extra = Object.keys(tree('en', 'errors.json')).filter((code) => !known.has(code))
    expect(extra).toEqual([])
  })
})

describe('the fence bites', () => {
  test.each([
    ['a missing word', { a: 'Send' }, {}, /missing in zh-CN/],
    ['a word too many', {}, { a: '发送' }, /missing in en/],
    ['an empty word', { a: 'Send' }, { a: ' ' }, /empty/],
    ['other variables', { a: 'Wait {seconds} s' }, { a: '请等待' }, /variables differ/],
    ['other tags', { a: 'Read <b>this</b>' }, { a: '请读这个' }, /tags differ/],
    ['half-width punctuation', { a: 'Send, please' }, { a: '发送,谢谢' }, /half-width/],
    ['an English full stop', { a: 'Sent.' }, { a: '已发送.' }, /full stop/],
    ['dots', { a: 'Sending…' }, { a: '正在发送...' }, /three dots/],
    ['no space beside Latin', { a: 'A JSON object' }, { a: '一个JSON对象' }, /no space/],
    ['an English word left', { a: 'Resolve it' }, { a: 'Resolve it' }, /not translated/],
    ['a broken plural', { a: '{n, plural, one {# row}}' }, { a: '{n} 行' }, /other/],
    ['an open brace', { a: 'Hi {name' }, { a: '你好 {name}' }, /not closed/],
  ])('%s', (_name, en, zh, why) => {
    expect(wordViolations('planted', en as Tree, zh as Tree).join('\n')).toMatch(why)
  })

  test('a part that a page loads late asks for words that nobody gives', () => {
    const page =
      "/** Planted. */\nimport { Part } from './part'\nexport default function Page() {\n  return <Part />\n}"
    const part = "/** Planted. */\n'use client'\nexport const Part = () => import('./late')"
    const late = "/** Planted. */\nexport const Late = () => useTranslations('inbox.label')"
    const planted = [
      { path: 'app/planted/page.tsx', text: page },
      { path: 'app/planted/part.tsx', text: part },
      { path: 'app/planted/late.tsx', text: late },
    ]
    expect(ungivenWords([...pages, ...planted], known)).toEqual([
      "app/planted/page.tsx gives no 'inbox' to app/planted/late.tsx",
    ])
  })

  test('plurals and nested variables are read', () => {
    const message = readIcu('{n, plural, one {# reply by {name}} other {# replies}} on <link>this</link>')
    expect([...message.variables].sort()).toEqual(['n:plural', 'name'])
    expect([...message.tags]).toEqual(['link'])
  })
})
