/** The model commands as people run them: an encoder installed, a model trained on it, judged and asked; mistakes as sentences. */
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle } from '@/lib/cli/launch/bundle.mjs'
import { temporaryFolder } from '../kit/installation'
import { fewIntents } from '../unit/models/small-model'
import { tinyEncoder, writeEncoder } from '../unit/models/tiny-encoder'

const home = temporaryFolder()
const data = join(home.path, 'data.csv')
const run = promisify(execFile)

/** A command's exit code and what it said. */
async function command(name: string, ...words: string[]) {
  const env = { ...process.env, LINGXI_DATA_DIR: home.path }
  const said = await run(process.execPath, [resolve(`.build/model-commands/${name}.mjs`), ...words], { env }).then(
    (all) => ({ code: 0, ...all }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )
  const last = said.stdout.trim().split('\n').at(-1) ?? ''
  return { ...said, last: () => JSON.parse(last) as Record<string, unknown> }
}

beforeAll(async () => {
  const programs = ['encoder', 'train', 'evaluate', 'predict'].map((name) => `lib/cli/${name}.ts`)
  await bundle(resolve('.'), '.build/model-commands', programs)
  const rows = fewIntents(['order_status', 'refund', 'password'])
  const line = ({ text, label }: { text: string; label: string }, at: number) =>
    `"${text.replaceAll('"', '""')}",${label},${at % 5 === 0 ? 'test' : 'train'}`
  writeFileSync(data, `text,label,split\n${rows.map(line).join('\n')}\n`)
  writeEncoder(join(home.path, 'tiny'), tinyEncoder(['order', 'refund', 'password', 'money', 'parcel'], 16))
}, 60_000)
afterAll(() => home.remove())

test('an encoder is installed, trained on, judged, and asked for its reasons', async () => {
  const added = await command('encoder', 'add', join(home.path, 'tiny'))
  expect(added.last()).toMatchObject({ name: 'tiny', dimensions: 16, provider: { used: 'cpu' } })
  expect((await command('encoder', 'list')).stdout).toBe('tiny\n')
  const out = join(home.path, 'shop')
  const trained = await command('train', '--data', data, '--out', out, '--encoder', 'tiny')
  expect(trained.last()).toMatchObject({ labels: 3, encoder: { name: 'tiny' } })
  const judged = await command('evaluate', '--data', data, '--bundle', out, '--json')
  expect(judged.last()).toMatchObject({ head: 'intent', accuracy: expect.any(Number) })
  const asked = await command('predict', '--bundle', out, '--json', 'I want my money back')
  expect(asked.last()).toMatchObject({ heads: [{ label: 'refund', together: expect.any(Number) }] })
  await command('encoder', 'remove', 'tiny')
  const gone = await command('predict', '--bundle', out, 'refund')
  expect(gone.code).toBe(1)
  expect(gone.stderr).toBe('there is no sentence encoder "tiny" here: npm run encoder -- add …\n')
})

test('mistakes are told in one sentence', async () => {
  const bad = join(home.path, 'bad.csv')
  writeFileSync(bad, 'text,label\nhello,greeting\n"  ",greeting\n')
  const read = await command('train', '--data', bad, '--out', join(home.path, 'x'))
  expect([read.code, read.stderr]).toEqual([1, `${bad}, line 3: the text is empty\n`])
  const absent = await command('train', '--data', data, '--out', join(home.path, 'x'), '--encoder', 'nobody')
  expect(absent.stderr).toBe('there is no sentence encoder "nobody" here: npm run encoder -- add …\n')
  const empty = await command('encoder', 'add', home.path)
  expect(empty.stderr).toMatch(/has no tokenizer\.json\n$/)
  expect(readdirSync(join(home.path, 'encoders'))).toEqual([])
  expect(existsSync(join(home.path, 'x'))).toBe(false)
})
