/** The progress bar: redrawn in place on a terminal, silent in a log. */
import { afterEach, expect, it, vi } from 'vitest'
import { showProgress } from '@/lib/cli/training/progress'

const terminal = process.stderr.isTTY
afterEach(() => {
  process.stderr.isTTY = terminal
  vi.restoreAllMocks()
})

function shown(isTerminal: boolean): string {
  const said: string[] = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0)
  process.stderr.isTTY = isTerminal
  showProgress('linear', 0.5, 1.25)
  showProgress('done', 1, 0.1)
  return said.join('')
}

it('grows on one line of a terminal and ends it', () => {
  const [, half, whole] = shown(true).split('\r')
  expect(half).toMatch(/^linear +█{14}░{14} +50 % +loss 1\.250/)
  expect(whole).toMatch(/^done +█{28} +100 %.*\n$/)
})

it('leaves logs alone', () => {
  expect(shown(false)).toBe('')
})
