/** The command registry: every command has words, no two share a key, and keys are read the way they are written. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { commandIds, commandOf } from '@/app/_ui/commands'
import { keyNames } from '@/app/_ui/kbd'
import { isPressOf, pressed } from '@/app/_ui/keyboard'
import en from '@/lib/words/en/desk.json'
import zh from '@/lib/words/zh-CN/desk.json'

const event = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
})

test('every command has its words in both languages, and no words are left over', () => {
  expect(Object.keys(en.command).sort()).toEqual([...commandIds].sort())
  expect(Object.keys(zh.command).sort()).toEqual([...commandIds].sort())
})

test('no two commands share a key', () => {
  const all = commandIds.flatMap((id) => commandOf(id).keys)
  expect(new Set(all).size).toBe(all.length)
})

test('no single key is the beginning of a sequence', () => {
  const all = commandIds.flatMap((id) => commandOf(id).keys)
  const firsts = all.filter((keys) => keys.includes(' ')).map((keys) => keys.split(' ')[0])
  for (const first of firsts) expect(all).not.toContain(first)
})

/** How a command comes to be bound: by its own name, through the head's pickers, or through a label's field. */
const binderOf = (id: string) => new RegExp(`(useCommand|useKeyed)\\(\\s*'${id}'|(intent|sentiment|urgency): '${id}'`)

test('every command is bound somewhere: none is promised that no key does', () => {
  const texts = readdirSync('app/(desk)', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.tsx'))
    .map((path) => readFileSync(`app/(desk)/${path}`, 'utf8'))
  const bound = (id: string) => texts.some((text) => binderOf(id).test(text))
  // The composer hears this one itself: its key works inside the field.
  expect(commandIds.filter((id) => id !== 'send' && !bound(id))).toEqual([])
  expect(bound('open'), 'one that nothing binds').toBe(false)
})

describe('keys', () => {
  test.each([
    [event('k', { ctrlKey: true }), 'mod+k'],
    [event('k', { metaKey: true }), 'mod+k'],
    [event('Enter', { metaKey: true }), 'mod+Enter'],
    [event('?', { shiftKey: true }), '?'],
    [event('A', { shiftKey: true }), 'shift+a'],
    [event('J'), 'j'],
    [event('ArrowDown'), 'ArrowDown'],
    [event('Tab', { shiftKey: true }), 'shift+Tab'],
  ])('%o is %s', (given, wanted) => {
    expect(pressed(given)).toBe(wanted)
  })

  test("are a page's own once for each press, and never while an input method composes", () => {
    vi.stubGlobal('Element', class {})
    vi.stubGlobal('HTMLElement', class {})
    const press = {
      ...event('1'),
      defaultPrevented: false,
      repeat: false,
      isComposing: false,
      keyCode: 49,
      target: null,
    }
    expect(isPressOf(press)).toBe(true)
    const none = [
      { repeat: true },
      { isComposing: true },
      { keyCode: 229 },
      { ctrlKey: true },
      { defaultPrevented: true },
    ]
    for (const one of none) expect(isPressOf({ ...press, ...one }), JSON.stringify(one)).toBe(false)
  })

  test('are printed as on the keyboard', () => {
    expect(keyNames('mod+k', false)).toEqual(['Ctrl', 'K'])
    expect(keyNames('mod+Enter', true)).toEqual(['⌘', '↵'])
    expect(keyNames('g i', false)).toEqual(['G', 'I'])
  })
})
