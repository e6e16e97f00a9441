/** What programs say: all of it in a capped log, on the terminal only what the mode wants. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { forTerminal, openOutput } from '@/lib/cli/supervisor/output'
import { temporaryFolder } from '../kit/installation'

let folder: ReturnType<typeof temporaryFolder>
let shown: string[]
beforeEach(() => {
  folder = temporaryFolder()
  shown = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => shown.push(String(text)) > 0)
})
afterEach(() => {
  vi.restoreAllMocks()
  folder.remove()
})
const log = () => readFileSync(join(folder.path, 'logs/web.log'), 'utf8')

test('lines arrive whole, however they are cut', () => {
  const output = openOutput(folder.path, 'web', 'all')
  for (const piece of ['one\ntw', 'o\n', 'thr', 'ee']) output.stdout(piece)
  output.close()
  expect(log()).toBe('one\ntwo\nthree\n')
  expect(shown).toEqual(['web       │ one\n', 'web       │ two\n', 'web       │ three\n'])
})

test('`npm start` shows warnings and complaints only; the log has everything', () => {
  const output = openOutput(folder.path, 'web', 'warnings')
  output.stdout(
    '{"level":30,"msg":"fine","process":"web"}\n{"level":40,"msg":"slow","process":"web","ms":7}\nchatter\n',
  )
  output.stderr('a stack\n')
  output.line('ended unexpectedly')
  output.close()
  expect(shown).toEqual([
    'web       │ warn slow {"process":"web","ms":7}\n',
    'web       │ a stack\n',
    'web       │ ended unexpectedly\n',
  ])
  expect(log().split('\n')).toHaveLength(6)
  expect(forTerminal('{"level":30,"msg":"fine"}', 'all')).toBe('info fine')
})

test('what a library repeats in plain words is taken out; whoever develops sees it', () => {
  const said =
    'Error: did not match. Received "hunter2".\n{"level":50,"msg":"hunter2"}\nno hunter@example.org at x.js:7\n'
  const output = openOutput(folder.path, 'web', 'warnings')
  output.stderr(said)
  output.stdout(said)
  output.close()
  expect(log() + shown.join('')).not.toContain('hunter')
  expect(log()).toContain('did not match. Received "…".\n')
  const dev = openOutput(folder.path, 'dev', 'all')
  dev.stderr(said)
  dev.close()
  expect(shown.join('')).toContain('Received "hunter2"')
})

test('a log never grows beyond its cap: one file now, one before', () => {
  const output = openOutput(folder.path, 'web', 'all')
  const long = `${'x'.repeat(100_000)}\n`
  for (let n = 0; n < 150; n++) output.stdout(long)
  output.close()
  const sizes = ['web.log', 'web.log.1', 'web.log.2'].map((name) => {
    const path = join(folder.path, 'logs', name)
    return existsSync(path) ? statSync(path).size : 0
  })
  expect(sizes[2]).toBe(0)
  expect((sizes[0] ?? 0) + (sizes[1] ?? 0)).toBeLessThan(10_500_000)
})
