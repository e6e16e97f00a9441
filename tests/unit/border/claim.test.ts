/** What a website says of a visitor, in whatever shape: it never shuts the chat. */
import { expect, test } from 'vitest'
import { openSessionRoute } from '@/lib/border/routes/widget'

test.each([
  [
    { userId: 42, name: 'Ann' },
    { userId: '42', name: 'Ann' },
  ],
  [{ userId: 'u7', email: null }, { userId: 'u7' }],
  [{ userId: '', name: ['Ann'], email: {} }, {}],
  [{ name: 'n'.repeat(201) }, { name: 'n'.repeat(200) }],
  // Cut between signs, not inside one.
  [{ name: `${'n'.repeat(199)}😀` }, { name: 'n'.repeat(199) }],
  // A part of an id or an address is somebody else's.
  [{ userId: 'u'.repeat(201), email: 'e'.repeat(255), signature: 's'.repeat(129) }, {}],
  // `identify(user && { … })`, and the id alone.
  [undefined, undefined],
  [null, undefined],
  [false, undefined],
  ['', undefined],
  [0, undefined],
  [true, undefined],
  ['user-7', undefined],
  [42, undefined],
  [['user-7'], undefined],
])('%j is heard as %j', (said, heard) => {
  // As it travels: what is undefined is not there.
  const body = JSON.parse(JSON.stringify({ siteKey: 'k', identity: said }))
  const { identity } = openSessionRoute.input.parse(body) as { identity?: object | null }
  expect(identity && JSON.parse(JSON.stringify(identity))).toEqual(heard)
})
