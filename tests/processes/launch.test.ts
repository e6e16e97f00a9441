/** The launcher's words for mistakes at the terminal, and its choice between option, environment and default. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { digestOf, whenChanged } from '../../lib/cli/launch/fingerprint.mjs'
import { readOptions } from '../../lib/cli/launch/options.mjs'
import { temporaryFolder } from '../kit/installation'

const launch = (...words: string[]) =>
  spawnSync(process.execPath, ['lib/cli/launch.mjs', ...words], { encoding: 'utf8', timeout: 20_000 })

test.each([
  [['start', '--prot', '80'], /Unknown option --prot/],
  [['start', '--port', 'eighty'], /"eighty" is not a port/],
  [['start', '--data-dir'], /--data-dir needs a value/],
  // An empty variable of a shell: neither this checkout as the data folder, nor a host of no name.
  [['start', '--data-dir='], /--data-dir needs a value/],
  [['start', '--host='], /--host needs a value/],
  [['start', '--data-dir', 'package.json'], /package.json cannot be the data folder: it is a file/],
  [['start', '--data-dir=package.json/data'], /cannot be the data folder: a part of its path is a file/],
  [['dance'], /Unknown command "dance"/],
])('%j is answered with a sentence and no stack', (words, sentence) => {
  const { status, stderr } = launch(...words)
  expect(status).not.toBe(0)
  expect(stderr).toMatch(sentence)
  expect(stderr).not.toMatch(/\n\s+at /)
})

test('an option wins over the environment, the environment over the default', () => {
  const environment = { LINGXI_PORT: '4000', LINGXI_HOST: '0.0.0.0', LINGXI_DATA_DIR: 'elsewhere', LINGXI_DEMO: '0' }
  expect(readOptions([], {}, '/srv/lingxi')).toEqual({
    port: 3000,
    host: '127.0.0.1',
    dataDir: '/srv/lingxi/data',
    demo: true,
  })
  expect(readOptions([], environment, '/srv/lingxi')).toEqual({
    port: 4000,
    host: '0.0.0.0',
    dataDir: '/srv/lingxi/elsewhere',
    demo: false,
  })
  const words = ['--port=5000', '--host', '::1', '--data-dir', '/x']
  expect(readOptions(words, environment, '/srv/lingxi')).toEqual({
    port: 5000,
    host: '::1',
    dataDir: '/x',
    demo: false,
  })
  expect(readOptions(['--no-demo'], {}, '/srv/lingxi').demo).toBe(false)
})

test('a step runs again when an input changed or its output went, and only then', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder.path, 'src'))
  const write = (name: string, text: string) => writeFileSync(join(folder.path, name), text)
  const runs = () =>
    whenChanged(folder.path, 'step', digestOf(folder.path, ['src']), ['out'], async () => write('out', ''))
  write('src/a.ts', 'one')
  expect(await runs()).toBe(true)
  expect(await runs()).toBe(false)
  write('src/a.ts', 'two')
  expect(await runs()).toBe(true)
  write('src/b.ts', '')
  expect(await runs()).toBe(true)
  expect(
    await whenChanged(folder.path, 'step', digestOf(folder.path, ['src']), ['absent'], async () => undefined),
  ).toBe(true)
  folder.remove()
})

test('the launcher needs nothing but Node itself before packages are installed', () => {
  const bare = temporaryFolder()
  cpSync('lib/cli/launch', bare.path, { recursive: true })
  const imports = readdirSync(bare.path).map((name) => `await import(${JSON.stringify(join(bare.path, name))})`)
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', imports.join('\n')], {
    encoding: 'utf8',
  })
  expect(imports.length).toBeGreaterThan(8)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  bare.remove()
})
