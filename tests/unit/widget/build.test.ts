/** What is built: small enough, in both languages, under a policy that allows exactly what is in it. */
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { framePolicy } from '@/lib/border/page-headers'
import { buildWidget, type WidgetBuild } from '@/lib/cli/build-widget'

let folder: string
let built: WidgetBuild
const read = (name: string) => readFile(join(folder, name), 'utf8')
const hash = (text = '') => createHash('sha256').update(text).digest('base64')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'widget-'))
  built = await buildWidget({ outdir: folder })
})
afterAll(() => rm(folder, { recursive: true }))

test('1.5 kB on every page view, 9 kB until a chat can be used', () => {
  expect(built.loaderGzip).toBeLessThanOrEqual(1_500)
  expect(built.loaderGzip + built.frameGzip).toBeLessThanOrEqual(9_000)
  // Nobody loads this who neither sends nor gets a file.
  expect(built.moreGzip).toBeLessThanOrEqual(4_000)
})

test.each(['en', 'zh-CN'])(
  'the policy of %s allows its own two texts, the one file that it names, and nothing else',
  async (locale) => {
    const html = await read(`widget/frame.${locale}.html`)
    const policy = JSON.parse(await read('widget/policies.json'))[locale]
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain(`script-src 'sha256-${hash(/<script>([\s\S]*)<\/script>/.exec(html)?.[1])}'`)
    expect(policy).toContain(`style-src 'sha256-${hash(/<style>([\s\S]*)<\/style>/.exec(html)?.[1])}'`)
    expect(policy).toContain('{host}/widget/more.js;')
    const parts = (text: string) => text.split('; ').map((part) => part.split(' ')[0])
    expect(parts(framePolicy(policy, [], ['a.example', 'b.example']))).toEqual([...parts(policy), 'frame-ancestors'])
    const more = await read('widget/more.js')
    expect(html).toContain(`/widget/more.js?${createHash('sha256').update(more).digest('hex').slice(0, 8)}`)
    expect(policy).not.toMatch(/unsafe|strict-dynamic/)
    expect(html).toContain(`lang=${locale}`)
    expect(html).not.toMatch(/{{|<!--| on\w+=| style=/)
  },
)

test('markup is never made from text, and nothing of another host is loaded', async () => {
  const names = ['widget.js', ...(await readdir(join(folder, 'widget'))).map((name) => `widget/${name}`)]
  for (const name of names) {
    const text = await read(name)
    expect([name, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/.exec(text)]).toEqual([
      name,
      null,
    ])
    expect([name, /https?:\/\/(?!www\.w3\.org\/2000\/svg)[\w]/.exec(text)]).toEqual([name, null])
  }
  // The loader asks for exactly this panel.
  const panel = await read('widget/panel.js')
  expect(await read('widget.js')).toContain(`panel.js?${createHash('sha256').update(panel).digest('hex').slice(0, 8)}`)
})
