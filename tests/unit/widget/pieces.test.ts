/** The small parts of the widget: the stream's reader, notes that are ours, words in both languages. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createReader } from '@/app/widget/frame/stream'
import words from '@/app/widget/frame/words.json'
import { isNote } from '@/app/widget/shared/note'

test('a stream cut into any pieces gives the same events', () => {
  const text = 'retry: 1000\n\n: \n\nid: 1\nevent: message\ndata: {"a":"你好\\n"}\n\nid: 2\r\ndata:{"b":2}\r\n\r\n'
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: text.length })), (cuts) => {
      const heard: string[] = []
      const read = createReader((data) => heard.push(data))
      const places = [0, ...cuts.sort((a, b) => a - b), text.length]
      for (let place = 1; place < places.length; place++) read(text.slice(places[place - 1], places[place]))
      expect(heard.map((one) => one.trim())).toEqual(['{"a":"你好\\n"}', '{"b":2}'])
    }),
  )
})

test('notes of strangers are refused', () => {
  const source = {} as Window
  const event = (data: unknown, origin = 'https://a', from: Window | null = source) => ({ data, origin, source: from })
  expect(isNote(event({ lingxi: 1 }), source, 'https://a')).toBe(true)
  for (const data of [null, undefined, 'lingxi', 1, {}, { lingxi: '1' }, { lingxi: 2 }])
    expect(isNote(event(data), source, 'https://a')).toBe(false)
  expect(isNote(event({ lingxi: 1 }, 'https://b'), source, 'https://a')).toBe(false)
  expect(isNote(event({ lingxi: 1 }, 'https://a', null), source, 'https://a')).toBe(false)
})

test('every word in both languages, every word of the markup used', () => {
  const html = readFileSync('app/widget/frame/frame.html', 'utf8')
  for (const [name, texts] of Object.entries({ ...words.markup, ...words.script, ...words.more }))
    expect([name, texts.length, texts.every(Boolean)]).toEqual([name, 2, true])
  for (const [, name] of html.matchAll(/{{(\w+)}}/g)) expect(Object.keys(words.markup)).toContain(name)
})
